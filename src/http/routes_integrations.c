#include "src/app/integrations.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

static json_t *
integration_of(gconstpointer item)
{
    const KcIntegration *integration = item;
    json_t *scopes = json_array();
    for (gsize i = 0; integration->scopes != NULL && integration->scopes[i] != NULL; i++)
        json_array_append_new(scopes, json_string(integration->scopes[i]));
    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "id", integration->id, "name", integration->name, "scopes", scopes,
                     "created_at", kc_json_time_or_null(integration->created_us), "revoked_at",
                     kc_json_time_or_null(integration->revoked_us));
}

KcHttpReply *
kc_get_integrations(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) integrations = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_integrations(request->app, request->caller.principal, &integrations, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, kc_json_items(integrations, integration_of));
}

typedef struct {
    const char *name;
    GPtrArray *scopes;
} NewIntegration;

static const KcBindField new_integration_fields[] = {
    {"name", KC_BIND_TEXT, G_STRUCT_OFFSET(NewIntegration, name), KC_BIND_REQUIRED},
    {"scopes", KC_BIND_TEXTS, G_STRUCT_OFFSET(NewIntegration, scopes), KC_BIND_REQUIRED, .max = 8},
    {NULL},
};

static KcHttpReply *
add(KcHttpRequest *request, const NewIntegration *body)
{
    g_autoptr(KcIntegration) integration = NULL;
    g_autofree char *key = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_ptr_array_add(body->scopes, NULL);
    const KcNewIntegration wanted = {body->name, (const char *const *)body->scopes->pdata};
    if (!kc_app_add_integration(request->app, request->caller.principal, &wanted, &integration, &key, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_CREATED,
                              json_pack("{s:o, s:s}", "integration", integration_of(integration), "key", key));
}

KcHttpReply *
kc_post_integration(KcHttpRequest *request)
{
    NewIntegration body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    KcHttpReply *reply = kc_bind(request->json, new_integration_fields, &body, &errors) ? add(request, &body)
                                                                                        : kc_problem_fields(&errors);
    kc_bind_clear(new_integration_fields, &body);
    return reply;
}

KcHttpReply *
kc_delete_integration(KcHttpRequest *request)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_revoke_integration(request->app, request->caller.principal, kc_http_request_id(request, 0), &result,
                                   &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
}
