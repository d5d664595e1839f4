/* Private to src/store: digests of rows, and of all rows of a case together (state_tables.h has the lists).
 *
 *   row    SHA-256("kuaichu row 1\n" table 0, then of each column that is not NULL: name 0, type 'i' 't' 'b', value)
 *   state  SHA-256("kuaichu state 1\n", then of each row in the order of table and key: table 0 key 0 digest)
 *
 * where a value is a big-endian integer of 64 bits, or its length as such and its bytes. */
#pragma once

#include "src/evidence/digest.h"
#include "src/store/sql.h"

/* SQL functions of a connection:
 *   kc_row_digest(number in kc_state_tables, value, …)
 *   kc_key_part(key, n, of)    part n (from 0) of a key of so many parts; the last one takes the rest */
void kc_state_register(sqlite3 *db);

/* What a row's digest is taken of. `columns` as in the lists, of which the first `n` have values; more of them are NULL. */
void kc_row_encode(const char *table, const char *const *columns, sqlite3_value **values, int n, GByteArray *ret_bytes);

typedef struct KcStateHash KcStateHash;
KcStateHash *kc_state_hash_new(void);
/* Rows in the order of the table's name and the key, both as SQLite's BINARY has it. */
void kc_state_hash_add(KcStateHash *hash, const char *table, const char *key, const void *digest);
/* Frees it. */
void kc_state_hash_end(KcStateHash *hash, guint8 ret_state[KC_SHA256_LEN]);

/* Of what row_states has of a case ('': the installation). */
gboolean kc_state_of(KcTx *tx, const char *scope, guint8 ret_state[KC_SHA256_LEN], guint *ret_rows, GError **error);

/* The newest state that the log has of it. */
gboolean kc_state_logged(KcTx *tx, const char *scope, guint8 ret_state[KC_SHA256_LEN], gboolean *ret_any, GError **error);
