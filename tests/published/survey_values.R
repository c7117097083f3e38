# Writes survey_values.csv: what R's survey package says to the command lines in its first column.
#   Rscript survey_values.R FOLDER_OF_DATA > survey_values.csv      (R 4.2.2, survey 4.1-1)
suppressMessages(library(survey))
folder <- commandArgs(TRUE)[1]
read <- function(name) read.csv(file.path(folder, paste0(name, ".csv")), stringsAsFactors = FALSE)
apisrs <- read("apisrs"); apistrat <- read("apistrat")
apiclus1 <- read("apiclus1"); apiclus2 <- read("apiclus2")
num <- function(x) format(as.numeric(x), digits = 17)
cat("arguments,group,field,value\n")
put <- function(args, group, field, value)
  cat(sprintf('"%s","%s",%s,%s\n', args, group, field, trimws(num(value))), sep = "")
stat <- function(args, m, group = "", df = NULL, deff = TRUE) {
  put(args, group, "estimate", coef(m)[1]); put(args, group, "se", SE(m)[1])
  ci <- if (is.null(df)) confint(m) else confint(m, df = df)
  put(args, group, "low", ci[1]); put(args, group, "high", ci[2])
  if (deff) put(args, group, "deff", deff(m)[1])
}
by <- function(args, b, deff = TRUE) {
  d <- as.data.frame(b); g <- rownames(d); ci <- confint(b)
  for (i in seq_along(g)) {
    put(args, g[i], "estimate", coef(b)[i]); put(args, g[i], "se", SE(b)[i])
    put(args, g[i], "low", ci[i, 1]); put(args, g[i], "high", ci[i, 2])
    if (deff) put(args, g[i], "deff", d[i, grep("^DEff", names(d))])
  }
}
share <- function(args, p, group = "") {
  put(args, group, "estimate", coef(p)[1]); put(args, group, "se", SE(p)[1])
  put(args, group, "low", attr(p, "ci")[1]); put(args, group, "high", attr(p, "ci")[2])
}

S <- "apisrs.csv --weight pw --fpc fpc"
srs <- svydesign(id = ~1, fpc = ~fpc, weights = ~pw, data = apisrs)
stat(paste(S, "--mean api00"), svymean(~api00, srs, deff = TRUE))
stat(paste(S, "--total enroll"), svytotal(~enroll, srs, deff = TRUE))
put(paste(S, "--mean api00"), "", "df", degf(srs))
stat("apisrs.csv --weight pw --mean api00 --deff with",
     svymean(~api00, svydesign(id = ~1, weights = ~pw, data = apisrs), deff = "replace"))
stat(paste(S, "--mean api00 --replicates jk1"), svymean(~api00, as.svrepdesign(srs), deff = TRUE))

T <- "apistrat.csv --strata stype --weight pw --fpc fpc"
strat <- svydesign(id = ~1, strata = ~stype, fpc = ~fpc, weights = ~pw, data = apistrat)
stat(paste(T, "--mean api00"), svymean(~api00, strat, deff = TRUE))
stat(paste(T, "--mean api00 --df design"), svymean(~api00, strat, deff = TRUE), df = degf(strat))
stat(paste(T, "--mean api00 --deff with"), svymean(~api00, strat, deff = "replace"))
stat(paste(T, "--total enroll"), svytotal(~enroll, strat, deff = TRUE))
stat(paste(T, "--ratio api.stu/enroll"), svyratio(~api.stu, ~enroll, strat, deff = TRUE))
stat(paste(T, "--proportion comp.imp=Yes"), svymean(~as.numeric(comp.imp == "Yes"), strat, deff = TRUE))
by(paste(T, "--mean api00 --by stype"), svyby(~api00, ~stype, strat, svymean, deff = TRUE))
by(paste(T, "--mean api00 --by stype,sch.wide"), svyby(~api00, ~stype + sch.wide, strat, svymean, deff = TRUE))
by(paste(T, "--total enroll --by sch.wide"), svyby(~enroll, ~sch.wide, strat, svytotal, deff = TRUE))
by(paste(T, "--ratio api.stu/enroll --by sch.wide"),
   svyby(~api.stu, by = ~sch.wide, denominator = ~enroll, design = strat, svyratio), deff = FALSE)
put(paste(T, "--mean api00"), "", "df", degf(strat))
for (s in c("E", "H", "M"))
  put(paste(T, "--mean api00 --by stype"), s, "df", degf(subset(strat, stype == s)))
jkn <- as.svrepdesign(strat)
stat(paste(T, "--mean api00 --replicates jkn"), svymean(~api00, jkn, deff = TRUE))
stat(paste(T, "--total enroll --replicates jkn"), svytotal(~enroll, jkn, deff = TRUE))
stat(paste(T, "--ratio api.stu/enroll --replicates jkn"), svyratio(~api.stu, ~enroll, jkn), deff = FALSE)
by(paste(T, "--mean api00 --by sch.wide --replicates jkn"), svyby(~api00, ~sch.wide, jkn, svymean, deff = TRUE))
for (s in c("No", "Yes"))
  put(paste(T, "--mean api00 --by sch.wide --replicates jkn"), s, "df", degf(subset(jkn, sch.wide == s)))
for (m in c("logit", "asin", "beta", "mean", "xlogit"))
  share(paste(T, "--proportion sch.wide=Yes --interval", m), svyciprop(~I(sch.wide == "Yes"), strat, method = m))

C <- "apiclus1.csv --cluster dnum --weight pw --fpc fpc"
clus1 <- svydesign(id = ~dnum, fpc = ~fpc, weights = ~pw, data = apiclus1)
stat(paste(C, "--mean api00"), svymean(~api00, clus1, deff = TRUE))
stat("apiclus1.csv --cluster dnum --weight pw --mean api00",
     svymean(~api00, svydesign(id = ~dnum, weights = ~pw, data = apiclus1), deff = TRUE))
stat(paste(C, "--total enroll"), svytotal(~enroll, clus1, deff = TRUE))
stat(paste(C, "--ratio api.stu/enroll"), svyratio(~api.stu, ~enroll, clus1, deff = TRUE))
by(paste(C, "--mean api00 --by stype"), svyby(~api00, ~stype, clus1, svymean, deff = TRUE))
put(paste(C, "--mean api00"), "", "df", degf(clus1))
for (s in c("E", "H", "M"))
  put(paste(C, "--mean api00 --by stype"), s, "df", degf(subset(clus1, stype == s)))
for (m in c("logit", "asin", "beta", "mean", "xlogit"))
  share(paste(C, "--proportion comp.imp=Yes --interval", m), svyciprop(~I(comp.imp == "Yes"), clus1, method = m))
for (s in c("E", "H", "M"))
  share(paste(C, "--proportion comp.imp=Yes --interval logit --by stype"),
        svyciprop(~I(comp.imp == "Yes"), subset(clus1, stype == s)), s)
stat(paste(C, "--mean acs.k3 --na drop"), svymean(~acs.k3, clus1, na.rm = TRUE, deff = TRUE))
jk1 <- as.svrepdesign(clus1)
stat(paste(C, "--mean api00 --replicates jk1"), svymean(~api00, jk1, deff = TRUE))
by(paste(C, "--mean api00 --by stype --replicates jk1"), svyby(~api00, ~stype, jk1, svymean, deff = TRUE))
for (s in c("E", "H", "M"))
  put(paste(C, "--mean api00 --by stype --replicates jk1"), s, "df", degf(subset(jk1, stype == s)))
share(paste(C, "--proportion comp.imp=Yes --interval logit --replicates jk1"),
      svyciprop(~I(comp.imp == "Yes"), jk1))

types <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
post <- postStratify(clus1, ~stype, types)
stat(paste(C, "--poststratify {types} --mean api00"), svymean(~api00, post, deff = TRUE))
stat(paste(C, "--poststratify {types} --total enroll"), svytotal(~enroll, post, deff = TRUE))
stat(paste(C, "--poststratify {types} --ratio api.stu/enroll"), svyratio(~api.stu, ~enroll, post, deff = TRUE))
by(paste(C, "--poststratify {types} --total enroll --by sch.wide"), svyby(~enroll, ~sch.wide, post, svytotal, deff = TRUE))
share(paste(C, "--poststratify {types} --proportion comp.imp=Yes --interval logit"), svyciprop(~I(comp.imp == "Yes"), post))
stat(paste(C, "--poststratify {types} --total enroll --replicates jk1"),
     svytotal(~enroll, postStratify(jk1, ~stype, types)), deff = FALSE)
raked <- rake(clus1, list(~stype, ~sch.wide), list(types, wide))
stat(paste(C, "--rake {both} --mean api00"), svymean(~api00, raked, deff = TRUE))
stat(paste(C, "--rake {both} --total enroll"), svytotal(~enroll, raked, deff = TRUE))
by(paste(C, "--rake {both} --mean api00 --by comp.imp"), svyby(~api00, ~comp.imp, raked, svymean, deff = TRUE))
stat(paste(C, "--rake {both} --total enroll --replicates jk1"),
     svytotal(~enroll, rake(jk1, list(~stype, ~sch.wide), list(types, wide))), deff = FALSE)
pop <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
form <- ~stype + api99
lin <- calibrate(clus1, form, pop)
stat(paste(C, "--calibrate {sums} --mean api00"), svymean(~api00, lin, deff = TRUE))
stat(paste(C, "--calibrate {sums} --total enroll"), svytotal(~enroll, lin, deff = TRUE))
by(paste(C, "--calibrate {sums} --mean api00 --by comp.imp"), svyby(~api00, ~comp.imp, lin, svymean, deff = TRUE))
stat(paste(C, "--calibrate {sums} --bounds 0.4,1.6 --total enroll"),
     svytotal(~enroll, calibrate(clus1, form, pop, bounds = c(.4, 1.6)), deff = TRUE))
stat(paste(C, "--calibrate {sums} --calfun raking --total enroll"),
     svytotal(~enroll, calibrate(clus1, form, pop, calfun = "raking"), deff = TRUE))
stat(paste(C, "--calibrate {sums} --calfun raking --bounds 0.4,1.7 --total enroll"),
     svytotal(~enroll, calibrate(clus1, form, pop, calfun = "raking", bounds = c(.4, 1.7)), deff = TRUE))
stat(paste(C, "--calibrate {sums} --calfun logit --bounds 0.3,2 --total enroll"),
     svytotal(~enroll, calibrate(clus1, form, pop, calfun = "logit", bounds = c(.3, 2)), deff = TRUE))
stat(paste(C, "--calibrate {sums} --calfun raking --trim 0.9,1.2 --total enroll"),
     svytotal(~enroll, calibrate(clus1, form, pop, calfun = "raking", trim = c(.9, 1.2)), deff = TRUE))
stat(paste(C, "--calibrate {sums} --total enroll --replicates jk1"), svytotal(~enroll, calibrate(jk1, form, pop)), deff = FALSE)
stat(paste(C, "--calibrate {sums} --calfun raking --total enroll --replicates jk1"),
     svytotal(~enroll, calibrate(jk1, form, pop, calfun = "raking")), deff = FALSE)

D <- "apiclus2.csv --cluster dnum,snum --weight pw --fpc fpc1,fpc2"
clus2 <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, weights = ~pw, data = apiclus2)
stat(paste(D, "--mean api00"), svymean(~api00, clus2, deff = TRUE))
stat("apiclus2.csv --cluster dnum,snum --fpc fpc1,fpc2 --mean api00",
     svymean(~api00, svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2), deff = TRUE))
stat("apiclus2.csv --cluster dnum,snum --weight pw --mean api00",
     svymean(~api00, svydesign(id = ~dnum + snum, weights = ~pw, data = apiclus2), deff = TRUE))
stat(paste(D, "--total enroll --na drop"), svytotal(~enroll, clus2, na.rm = TRUE, deff = TRUE))
stat(paste(D, "--ratio api00/api99"), svyratio(~api00, ~api99, clus2, deff = TRUE))
by(paste(D, "--mean api00 --by stype"), svyby(~api00, ~stype, clus2, svymean, deff = TRUE))
by(paste(D, "--total api99 --by sch.wide"), svyby(~api99, ~sch.wide, clus2, svytotal, deff = TRUE))
share(paste(D, "--proportion awards=Yes --interval logit"), svyciprop(~I(awards == "Yes"), clus2))
put(paste(D, "--mean api00"), "", "df", degf(clus2))
post2 <- postStratify(clus2, ~stype, types)
stat(paste(D, "--poststratify {types} --mean api00"), svymean(~api00, post2, deff = TRUE))
raked2 <- rake(clus2, list(~stype, ~sch.wide), list(types, wide))
stat(paste(D, "--rake {both} --total api99"), svytotal(~api99, raked2, deff = TRUE))
lin2 <- calibrate(clus2, form, pop)
stat(paste(D, "--calibrate {sums} --mean api00"), svymean(~api00, lin2, deff = TRUE))
stat(paste(T, "--rake {wide} --mean api00"), svymean(~api00, rake(strat, list(~sch.wide), list(wide)), deff = TRUE))
stat(paste(T, "--poststratify {wide} --mean api00 --replicates jkn"),
     svymean(~api00, postStratify(jkn, ~sch.wide, wide)), deff = FALSE)

L <- "apistrat.csv --strata cname --weight pw"
for (l in c("remove", "certainty", "adjust", "average")) {
  options(survey.lonely.psu = l)
  lone <- svydesign(id = ~1, strata = ~cname, weights = ~pw, data = apistrat)
  stat(paste(L, "--lonely", l, "--mean api00"), svymean(~api00, lone, deff = TRUE))
  by(paste(L, "--lonely", l, "--mean api00 --by stype"), svyby(~api00, ~stype, lone, svymean, deff = TRUE))
}
options(survey.lonely.psu = "fail")
nested <- svydesign(id = ~dnum, strata = ~stype, weights = ~pw, nest = TRUE, data = apistrat)
stat("apistrat.csv --strata stype --cluster dnum --nest --weight pw --mean api00", svymean(~api00, nested, deff = TRUE))
