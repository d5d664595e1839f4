/* Staff accounts, sessions, and who stands behind a token. */
#pragma once

#include "src/app/app.h"
#include "src/store/user_store.h"

typedef struct {
    char *token; /* shown once */
    KcPrincipal *principal;
} KcSignedIn;
void kc_signed_in_clear(KcSignedIn *signed_in);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcSignedIn, kc_signed_in_clear)

/* Slow (Argon2id). KC_RESULT_UNAUTHENTICATED "credentials", the same for an unknown name and a wrong password. */
gboolean kc_app_sign_in(KcApp *app, const char *username, const char *password, const char *address,
                        KcSignedIn *ret_signed_in, KcResult *result, GError **error);
gboolean kc_app_sign_out(KcApp *app, const KcPrincipal *who, KcResult *result, GError **error);

/* The session of a member of staff, or a party's link. NULL `token`: nobody, which is no refusal.
 * KC_RESULT_UNAUTHENTICATED "token-unknown" or "token-expired". Quick: one read. */
gboolean kc_app_authenticate(KcApp *app, const char *token, const char *address, KcPrincipal **ret_principal,
                             KcResult *result, GError **error);

/* Of these sessions of staff, those that have ended, perhaps by another process; owned. */
gboolean kc_app_ended_sessions(KcApp *app, const char *const *sessions, GStrv *ret_ended, GError **error);

typedef struct {
    const char *username, *password, *role, *name;
    const char *badge_number;    /* may be NULL */
    const char *grade;           /* "junior", "middle", "senior"; NULL: none */
    const char *const *counties; /* NULL: all */
} KcNewUser;

/* For admins; slow. `who` NULL: the command line. Username taken: KC_RESULT_CONFLICT. */
gboolean kc_app_add_user(KcApp *app, const KcPrincipal *who, const KcNewUser *user, KcUser **ret_user, KcResult *result,
                         GError **error);
/* of KcUser */
gboolean kc_app_list_users(KcApp *app, const KcPrincipal *who, GPtrArray **ret_users, KcResult *result, GError **error);
/* The grade of an officer's qualification (src/domain/grade.h); NULL takes it away. By id or username. */
gboolean kc_app_set_grade(KcApp *app, const KcPrincipal *who, const char *user, const char *grade, KcUser **ret_user,
                          KcResult *result, GError **error);
/* A disabled account signs in no more, and its sessions end at once; what it did stays in its name, and it can be enabled
 * again. By id or username. KC_RESULT_CONFLICT "last-admin": nobody could manage accounts any more. */
gboolean kc_app_set_disabled(KcApp *app, const KcPrincipal *who, const char *user, gboolean disabled, KcUser **ret_user,
                             KcResult *result, GError **error);
/* Slow (Argon2id). Ends the account's sessions too. By id or username. */
gboolean kc_app_set_password(KcApp *app, const KcPrincipal *who, const char *username, const char *password,
                             KcResult *result, GError **error);
