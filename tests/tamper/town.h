/* The folder of a service that is then tampered with: two whole cases of two days, and a row of each of them in every
 * table that belongs to cases.
 *
 * Made by the service itself, so that everything in it is bound as it should be; only rows that take a long story to
 * come about are put in by hand, through the service's own writer. */
#pragma once

#include "tests/fault/life.h"

typedef struct {
    char *yesterday; /* folders; the service is stopped */
    char *today;
    char *checkpoint; /* of today's last moment, as somebody holds it */
    char *cases[2];
} Town;

void town_make(Town *town);
void town_clear(Town *town);

/* A fresh copy of a folder with its keys; free with kc_test_dir_remove. */
char *town_copy(const char *folder);
