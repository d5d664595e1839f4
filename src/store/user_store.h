/* Accounts of staff. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id;
    char *username; /* unique, compared without case */
    char *name;
    char *role;          /* intake_operator officer supervisor auditor admin */
    char *badge_number;  /* or NULL */
    char *grade;         /* junior middle senior, or NULL */
    GStrv counties;      /* codes; empty or NULL: all */
    char *password_hash; /* src/evidence/passwords.h */
    gboolean disabled;
    gint64 created_us;
} KcUser;

void kc_user_free(KcUser *user);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcUser, kc_user_free)

/* KC_STORE_ERROR_CONFLICT: the username is taken. */
gboolean kc_user_store_insert(KcTx *tx, const KcUser *user, GError **error);
/* Everything but id, username and created_us. KC_UPDATE_DONE or _ABSENT. */
KcUpdate kc_user_store_update(KcTx *tx, const KcUser *user, GError **error);
gboolean kc_user_store_get(KcTx *tx, const char *id, KcUser **ret_user, GError **error);
gboolean kc_user_store_find(KcTx *tx, const char *username, KcUser **ret_user, GError **error);
/* of KcUser, by username */
GPtrArray *kc_user_store_list(KcTx *tx, GError **error);
gboolean kc_user_store_count(KcTx *tx, gint64 *ret_count, GError **error);
