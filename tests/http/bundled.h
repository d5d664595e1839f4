/* A case with everything in it, exported and unpacked into a folder. */
#pragma once

#include "tests/http/served.h"

/* Two parties, a photo of each, a paper of B, an issued determination that A has signed and B objects to, and
 * recordings of both sides that have ended. */
void bundled_case(Served *served);

/* The bundle as that token gets it, in a fresh folder (kc_test_dir_remove): bundle.zip, and its files in files/. */
char *bundled_export(Served *served, const char *token);
/* Of the exported ones. Owned. */
char *bundled_text(const char *dir, const char *name);
json_t *bundled_manifest(const char *dir);

/* Runs a program in files/; its exit status, and what it printed, owned. */
int bundled_run(const char *dir, const char *const *argv, char **ret_output);

/* The object of that kind (and party; NULL: any) in a manifest; NULL: there is none. Borrowed. */
json_t *bundled_object(const json_t *manifest, const char *kind, const char *party_id);
