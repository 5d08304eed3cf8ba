CREATE TABLE "order ""of"" things" ("select" INTEGER PRIMARY KEY, "a b" TEXT, "q""q" TEXT, "ÄÖ漢" TEXT, "c'c" TEXT, "d\d" TEXT, "e%e" TEXT, "f.f" TEXT);
INSERT INTO "order ""of"" things" VALUES (1, 'ä"''\', '漢', '', NULL, '%s', '{source}', '\N');
CREATE TABLE "Ünï'çø.dé 漢" ("Ref" INTEGER REFERENCES "order ""of"" things" ("select"), "Größe" TEXT UNIQUE);
INSERT INTO "Ünï'çø.dé 漢" VALUES (1, 'x');
CREATE INDEX "the ""ïndex""" ON "order ""of"" things" ("a b", "q""q");
CREATE TABLE "Case" ("Id" INTEGER);
INSERT INTO "Case" VALUES (1);
CREATE TABLE "tab	new
line" (a INTEGER);
INSERT INTO "tab	new
line" VALUES (1);
