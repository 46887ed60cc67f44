# R with readr and dplyr, as the tidyverse teaches it: read all files, left joins, count.
suppressPackageStartupMessages({library(readr); library(dplyr)})
options(readr.show_progress = FALSE, readr.show_col_types = FALSE, dplyr.summarise.inform = FALSE)
given <- commandArgs(trailingOnly = TRUE)
records <- given[1]; population <- given[2]; lookups <- given[3]; end_month <- as.integer(given[4]); out <- given[5]

lookup <- function(name) read_csv(file.path(lookups, paste0(name, ".csv")))
paths <- Sys.glob(file.path(records, "*", "*-stop-and-search.csv"))
name <- basename(paths)
files <- tibble(
  path = paths,
  force = sub("-stop-and-search.csv$", "", substring(name, 9)),
  year = as.integer(substr(name, 1, 4)) + (as.integer(substr(name, 6, 7)) > end_month)
)
# File by file: read all at once, one file whose lines end in CRLF breaks those of the others.
columns <- cols_only(
  Type = "c", `Self-defined ethnicity` = "c", Legislation = "c", `Object of search` = "c", Outcome = "c",
  `Outcome linked to object of search` = "c"
)
stops <- bind_rows(setNames(lapply(paths, read_csv, col_types = columns), paths), .id = "path")

finds <- stops |>
  filter(Type %in% c("Person search", "Person and Vehicle search")) |>
  left_join(files, by = "path") |>
  left_join(lookup("ethnicity"), by = c("Self-defined ethnicity" = "label")) |>
  left_join(lookup("power"), by = c("Legislation" = "label")) |>
  left_join(rename(lookup("object"), type_of_object = search_type), by = c("Object of search" = "label")) |>
  left_join(lookup("outcome"), by = c("Outcome" = "label")) |>
  mutate(
    ethnic_group = coalesce(ethnic_group, "Not recorded"),
    search_type = coalesce(search_type, type_of_object, "not_recorded"),
    result = coalesce(result, "unknown"),
    linked = tolower(`Outcome linked to object of search`)
  ) |>
  group_by(force, year, ethnic_group, search_type) |>
  summarise(
    searches = n(),
    finds = sum(result == "action" & linked %in% "true"),
    known = sum(result == "no_further_action" | (result == "action" & !is.na(linked))),
    .groups = "drop"
  )
write_csv(finds, file.path(out, "finds.csv"))

months <- count(files, force, name = "months")
residents <- read_csv(population) |>
  group_by(force, ethnic_group) |>
  summarise(population = sum(population), .groups = "drop")
rates <- finds |>
  group_by(force, ethnic_group) |>
  summarise(searches = sum(searches), .groups = "drop") |>
  left_join(months, by = "force") |>
  left_join(residents, by = c("force", "ethnic_group")) |>
  mutate(rate = searches / (population * months / 12) * 1000)
write_csv(select(rates, force, ethnic_group, searches, rate), file.path(out, "rates.csv"))
