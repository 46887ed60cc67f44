"""DuckDB: the whole task as SQL over the files."""

import sys

import duckdb

records, population, lookups, end_month, out = sys.argv[1:]

# Text throughout: a column's kind is inferred from its first file, and a later one spells its booleans otherwise.
connection = duckdb.connect()
connection.execute(f"""
    SET enable_progress_bar = false;
    CREATE TABLE ethnicity AS FROM read_csv('{lookups}/ethnicity.csv', header = true, all_varchar = true);
    CREATE TABLE power AS FROM read_csv('{lookups}/power.csv', header = true, all_varchar = true);
    CREATE TABLE object AS FROM read_csv('{lookups}/object.csv', header = true, all_varchar = true);
    CREATE TABLE outcome AS FROM read_csv('{lookups}/outcome.csv', header = true, all_varchar = true);

    CREATE TABLE files AS
    SELECT file AS filename, name[9:-21] AS force, name[1:4]::INT + (name[6:7]::INT > {end_month})::INT AS year
    FROM (SELECT file, parse_filename(file) AS name FROM glob('{records}/*/*-stop-and-search.csv'));

    CREATE TABLE finds AS
    SELECT force, year, coalesce(e.ethnic_group, 'Not recorded') AS ethnic_group,
           coalesce(p.search_type, o.search_type, 'not_recorded') AS search_type,
           count(*) AS searches,
           count(*) FILTER (r.result = 'action' AND lower("Outcome linked to object of search") = 'true') AS finds,
           count(*) FILTER (r.result = 'no_further_action'
                            OR (r.result = 'action' AND "Outcome linked to object of search" IS NOT NULL)) AS known
    FROM read_csv('{records}/*/*-stop-and-search.csv', header = true, all_varchar = true, filename = true) AS stops
    JOIN files USING (filename)
    LEFT JOIN ethnicity AS e ON "Self-defined ethnicity" = e.label
    LEFT JOIN power AS p ON Legislation = p.label
    LEFT JOIN object AS o ON "Object of search" = o.label
    LEFT JOIN outcome AS r ON Outcome = r.label
    WHERE Type IN ('Person search', 'Person and Vehicle search')
    GROUP BY ALL;

    COPY (FROM finds) TO '{out}/finds.csv' (HEADER);

    COPY (
        WITH months AS (SELECT force, count(*) AS months FROM files GROUP BY force),
             residents AS (SELECT force, ethnic_group, sum(population) AS population
                           FROM read_csv('{population}', header = true) GROUP BY ALL),
             counts AS (SELECT force, ethnic_group, sum(searches)::BIGINT AS searches FROM finds GROUP BY ALL)
        SELECT force, ethnic_group, searches, searches / (population * months / 12) * 1000 AS rate
        FROM counts JOIN months USING (force) LEFT JOIN residents USING (force, ethnic_group)
    ) TO '{out}/rates.csv' (HEADER);
""")
