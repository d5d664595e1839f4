#include "src/app/principal.h"

KcPrincipal *
kc_principal_new_anonymous(const char *address)
{
    KcPrincipal *principal = g_new0(KcPrincipal, 1);
    principal->role = KC_ROLE_ANONYMOUS;
    principal->address = g_strdup(address);
    return principal;
}

KcPrincipal *
kc_principal_copy(const KcPrincipal *principal)
{
    KcPrincipal *copy = g_new(KcPrincipal, 1);
    *copy = (KcPrincipal){
        .role = principal->role,
        .user_id = g_strdup(principal->user_id),
        .party_id = g_strdup(principal->party_id),
        .guest_id = g_strdup(principal->guest_id),
        .integration_id = g_strdup(principal->integration_id),
        .scopes = principal->scopes,
        .insured_id = g_strdup(principal->insured_id),
        .case_id = g_strdup(principal->case_id),
        .name = g_strdup(principal->name),
        .username = g_strdup(principal->username),
        .badge_number = g_strdup(principal->badge_number),
        .counties = g_strdupv(principal->counties),
        .address = g_strdup(principal->address),
        .session = g_strdup(principal->session),
        .csrf_token = g_strdup(principal->csrf_token),
        .expires_us = principal->expires_us,
    };
    return copy;
}

void
kc_principal_free(KcPrincipal *principal)
{
    if (principal == NULL)
        return;
    g_free(principal->user_id);
    g_free(principal->party_id);
    g_free(principal->guest_id);
    g_free(principal->integration_id);
    g_free(principal->insured_id);
    g_free(principal->case_id);
    g_free(principal->name);
    g_free(principal->username);
    g_free(principal->badge_number);
    g_strfreev(principal->counties);
    g_free(principal->address);
    g_free(principal->session);
    g_free(principal->csrf_token);
    g_free(principal);
}

const char *
kc_principal_id(const KcPrincipal *principal)
{
    if (principal->user_id != NULL)
        return principal->user_id;
    if (principal->party_id != NULL)
        return principal->party_id;
    return principal->guest_id != NULL ? principal->guest_id : principal->integration_id;
}

const char *
kc_principal_kind(const KcPrincipal *principal)
{
    if (principal->user_id != NULL)
        return "user";
    if (principal->party_id != NULL)
        return "party";
    if (principal->guest_id != NULL)
        return "guest";
    return principal->integration_id != NULL ? "integration" : NULL;
}
