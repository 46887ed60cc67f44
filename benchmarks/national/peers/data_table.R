# R with data.table: fread each file, one table, joins by reference.
suppressPackageStartupMessages(library(data.table))
given <- commandArgs(trailingOnly = TRUE)
records <- given[1]; population <- given[2]; lookups <- given[3]; end_month <- as.integer(given[4]); out <- given[5]

lookup <- function(name) {
  rows <- fread(file.path(lookups, paste0(name, ".csv")))
  setNames(rows[[2]], rows[[1]])
}
paths <- Sys.glob(file.path(records, "*", "*-stop-and-search.csv"))
# Names of columns as the portal writes them, text throughout, blank is NA.
columns <- c("Type", "Self-defined ethnicity", "Legislation", "Object of search", "Outcome",
             "Outcome linked to object of search")
read <- function(path) fread(path, select = columns, colClasses = "character", na.strings = "")
stops <- rbindlist(lapply(paths, read), idcol = "file")
setnames(stops, columns, c("type", "ethnicity", "power", "object", "outcome", "linked"))

name <- basename(paths)
force <- sub("-stop-and-search.csv$", "", substring(name, 9))
year <- as.integer(substr(name, 1, 4)) + (as.integer(substr(name, 6, 7)) > end_month)

stops <- stops[type %chin% c("Person search", "Person and Vehicle search")]
groups <- lookup("ethnicity"); powers <- lookup("power"); objects <- lookup("object"); outcomes <- lookup("outcome")
find <- function(labels, known) unname(known)[chmatch(labels, names(known))]
stops[, `:=`(
  force = force[file],
  year = year[file],
  ethnic_group = fcoalesce(find(ethnicity, groups), "Not recorded"),
  search_type = fcoalesce(find(power, powers), find(object, objects), "not_recorded"),
  result = find(outcome, outcomes),
  is_linked = linked %chin% c("True", "TRUE")
)]
finds <- stops[, .(
  searches = .N,
  finds = sum(result == "action" & is_linked, na.rm = TRUE),
  known = sum(result == "no_further_action" | (result == "action" & !is.na(linked)), na.rm = TRUE)
), by = .(force, year, ethnic_group, search_type)]
fwrite(finds, file.path(out, "finds.csv"))

months <- data.table(force = force)[, .(months = .N), by = force]
residents <- fread(population)[, .(population = sum(population)), by = .(force, ethnic_group)]
rates <- finds[, .(searches = sum(searches)), by = .(force, ethnic_group)]
rates <- merge(merge(rates, months, by = "force"), residents, by = c("force", "ethnic_group"), all.x = TRUE)
rates[, rate := searches / (population * months / 12) * 1000]
fwrite(rates[, .(force, ethnic_group, searches, rate)], file.path(out, "rates.csv"))
