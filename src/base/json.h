/* Canonical JSON (RFC 8785): what hashes are taken over.
 *
 * Keys sorted (all keys of this project are ASCII, where byte order and RFC 8785's order agree), no white space, UTF-8
 * unescaped; control characters in strings are written as the library does, with upper-case hexadecimal. This project writes no numbers but integers into hashed documents, so
 * that the one hard part of RFC 8785 (floating point) never arises; reals are refused. Thread-safe. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* Owned text, or NULL if the value holds a real number. */
char *kc_json_canonical(const json_t *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)
