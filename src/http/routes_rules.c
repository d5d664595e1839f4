#include "src/app/rule_versions.h"
#include "src/base/limits.h"
#include "src/base/timestamp.h"
#include "src/evidence/digest.h"
#include "src/http/bind.h"
#include "src/http/json_case.h"
#include "src/http/precondition.h"
#include "src/http/routes.h"

#include <string.h>

#define DEFAULT_VERSIONS 50
#define MAX_VERSIONS 200
#define MAX_EDITS 40

/* ---- what is there ---- */

static const char *
state_of(const KcRuleVersion *version, gint64 in_force)
{
    if (version->withdrawn_us > 0)
        return "withdrawn";
    if (version->number > in_force)
        return "planned";
    return version->number == in_force ? "in_force" : "past";
}

static json_t *
version_of(const KcRuleVersion *version, gint64 in_force)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:I}", "number", (json_int_t)version->number,
                     "state", state_of(version, in_force), "origin", version->origin, "reason", version->reason, "equals",
                     version->equals > 0 ? json_integer(version->equals) : json_null(), "created_by",
                     kc_json_text_or_null(version->creator_name), "created_at",
                     kc_json_time_or_null(version->created_us), "valid_from",
                     kc_json_time_or_null(version->valid_from_us), "withdrawn_at",
                     kc_json_time_or_null(version->withdrawn_us), "cases", (json_int_t)version->cases, "open_cases",
                     (json_int_t)version->open_cases);
}

static json_t *
file_of(gconstpointer item)
{
    const KcRuleVersionFile *file = item;
    return json_pack("{s:s, s:s, s:s, s:I, s:I}", "name", file->name, "kind",
                     kc_rule_file_kind_to_string(kc_rule_file_kind(file->name)), "sha256", file->sha256, "bytes",
                     (json_int_t)file->size, "since", (json_int_t)file->since);
}

/* FALSE: the query has it, and it is no number of a version. */
static gboolean
read_number(KcHttpRequest *request, const char *name, gint64 *ret_number)
{
    const char *text = kc_http_request_query(request, name);
    *ret_number = 0;
    return text == NULL || g_ascii_string_to_signed(text, 10, 1, G_MAXINT32, ret_number, NULL);
}

static KcHttpReply *
odd_query(const char *name)
{
    g_autofree char *detail = g_strdup_printf("The query parameter %s is not what it should be.", name);
    return kc_problem(MHD_HTTP_BAD_REQUEST, "bad-query", detail);
}

KcHttpReply *
kc_get_rules(KcHttpRequest *request)
{
    g_auto(KcRulesView) view = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    gint64 number;
    if (!read_number(request, "version", &number))
        return odd_query("version");
    if (!kc_app_get_rules(request->app, request->caller.principal, number, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root = json_pack("{s:o, s:I, s:I}", "version", version_of(view.version, view.in_force), "in_force",
                             (json_int_t)view.in_force, "newest", (json_int_t)view.newest);
    g_autoptr(json_t) files = kc_json_items(view.files, file_of);
    json_object_set(root, "files", json_object_get(files, "items"));
    KcHttpReply *reply = kc_http_reply_json(MHD_HTTP_OK, root);
    g_autofree char *etag = kc_etag_of_version(view.newest);
    kc_http_reply_header(reply, "ETag", etag);
    return reply;
}

KcHttpReply *
kc_get_rule_versions(KcHttpRequest *request)
{
    const char *limit = kc_http_request_query(request, "limit");
    g_autoptr(GPtrArray) versions = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    guint64 count = DEFAULT_VERSIONS;
    gint64 below;
    if (limit != NULL && !g_ascii_string_to_unsigned(limit, 10, 1, MAX_VERSIONS, &count, NULL))
        return odd_query("limit");
    if (!read_number(request, "cursor", &below))
        return odd_query("cursor");
    if (!kc_app_list_rule_versions(request->app, request->caller.principal, below, (guint)count + 1, &versions, &result,
                                   &error))
        return kc_outcome_reply(request, &result, error);
    json_t *items = json_array(), *next = json_null();
    for (guint i = 0; i < versions->len && i < count; i++)
        json_array_append_new(items, version_of(versions->pdata[i], kc_app_rules_number(request->app)));
    if (versions->len > count) {
        const KcRuleVersion *last = versions->pdata[count - 1];
        json_decref(next);
        next = json_sprintf("%" G_GINT64_FORMAT, last->number);
    }
    return kc_http_reply_json(MHD_HTTP_OK, json_pack("{s:o, s:o}", "items", items, "next_cursor", next));
}

KcHttpReply *
kc_get_rule_file(KcHttpRequest *request)
{
    const char *name = kc_http_request_query(request, "name");
    g_autoptr(GBytes) text = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    gint64 number;
    gsize size;
    if (!read_number(request, "version", &number))
        return odd_query("version");
    if (name == NULL)
        return odd_query("name");
    if (!kc_app_get_rule_text(request->app, request->caller.principal, number, name, &text, &result, &error))
        return kc_outcome_reply(request, &result, error);
    const char *data = g_bytes_get_data(text, &size);
    KcRuleFileKind kind = kc_rule_file_kind(name);
    g_autofree char *sha256 = kc_sha256_hex(data, size);
    json_t *shown = kind == KC_RULE_FILE_IMAGE ? json_null() : json_stringn(data != NULL ? data : "", size);
    return kc_http_reply_json(MHD_HTTP_OK,
                              json_pack("{s:s, s:s, s:s, s:o}", "name", name, "kind", kc_rule_file_kind_to_string(kind),
                                        "sha256", sha256, "text", shown != NULL ? shown : json_null()));
}

/* ---- what is proposed ---- */

typedef struct {
    const char *name, *text;
    gboolean remove;
} Edit;

typedef struct {
    GArray *files; /* of Edit */
    gint64 revert_to;
    const char *reason, *valid_from;
    gint64 expected;
} Proposal;

static const KcBindField edit_fields[] = {
    {"name", KC_BIND_TEXT, G_STRUCT_OFFSET(Edit, name), KC_BIND_REQUIRED},
    {"text", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(Edit, text), .max = KC_LIMIT_RULES_BODY_BYTES},
    {"remove", KC_BIND_BOOL, G_STRUCT_OFFSET(Edit, remove)},
    {NULL},
};

static const KcBindField preview_fields[] = {
    {"files", KC_BIND_OBJECTS, G_STRUCT_OFFSET(Proposal, files), .max = MAX_EDITS, .fields = edit_fields,
     .size = sizeof(Edit)},
    {"revert_to", KC_BIND_INT, G_STRUCT_OFFSET(Proposal, revert_to), .min = 1, .max = G_MAXINT32},
    {NULL},
};

static const KcBindField change_fields[] = {
    {"files", KC_BIND_OBJECTS, G_STRUCT_OFFSET(Proposal, files), .max = MAX_EDITS, .fields = edit_fields,
     .size = sizeof(Edit)},
    {"revert_to", KC_BIND_INT, G_STRUCT_OFFSET(Proposal, revert_to), .min = 1, .max = G_MAXINT32},
    {"reason", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(Proposal, reason), KC_BIND_REQUIRED},
    {"valid_from", KC_BIND_TEXT, G_STRUCT_OFFSET(Proposal, valid_from), KC_BIND_NULLABLE},
    {NULL},
};

/* A file with a text or to be taken out, or a version to go back to: one of them. NULL: all is well. */
static KcHttpReply *
check_body(const Proposal *body)
{
    g_auto(KcFieldErrors) errors = {NULL};
    gboolean edits = body->files != NULL && body->files->len > 0;
    gboolean wrong = edits == (body->revert_to > 0);
    if (wrong)
        kc_field_errors_add(&errors, "/files", "either files or revert_to");
    for (guint i = 0; edits && i < body->files->len; i++) {
        const Edit *edit = &g_array_index(body->files, Edit, i);
        g_autofree char *pointer = g_strdup_printf("/files/%u/text", i);
        if ((edit->text != NULL) != edit->remove)
            continue;
        wrong = TRUE;
        kc_field_errors_add(&errors, pointer, "either a text or remove");
    }
    return wrong ? kc_problem_fields(&errors) : NULL;
}

static KcRuleEdit *
edits_of(const Proposal *body, gsize *ret_count)
{
    *ret_count = body->files != NULL ? body->files->len : 0;
    KcRuleEdit *edits = g_new0(KcRuleEdit, *ret_count + 1);
    for (gsize i = 0; i < *ret_count; i++) {
        const Edit *edit = &g_array_index(body->files, Edit, i);
        edits[i] = (KcRuleEdit){edit->name, edit->text};
    }
    return edits;
}

static json_t *
problem_of(const GError *error)
{
    const KcRulesProblem *problem = error->domain == KC_RULES_ERROR ? kc_rules_problem(error) : NULL;
    gboolean placed = problem != NULL && problem->file != NULL;
    return json_pack("{s:o, s:o, s:o, s:o, s:s}", "file", kc_json_text_or_null(placed ? problem->file : NULL), "line",
                     placed ? json_integer(problem->line) : json_null(), "column",
                     placed ? json_integer(problem->column) : json_null(), "pointer",
                     kc_json_text_or_null(placed ? problem->pointer : NULL), "reason",
                     placed ? problem->reason : error->message);
}

static json_t *
changes_of(const GPtrArray *diffs)
{
    json_t *list = json_array();
    for (guint i = 0; i < diffs->len; i++) {
        const KcRuleFileDiff *diff = diffs->pdata[i];
        for (guint n = 0; n < diff->changes->len && json_array_size(list) < KC_LIMIT_RULE_CHANGES; n++) {
            const KcRuleChange *change = diff->changes->pdata[n];
            json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o, s:o}", "file", diff->name, "kind",
                                                  kc_rule_change_kind_to_string(change->kind), "entry", change->entry,
                                                  "before", kc_json_text_or_null(change->before), "after",
                                                  kc_json_text_or_null(change->after)));
        }
    }
    return list;
}

static KcHttpReply *
preview(KcHttpRequest *request, const Proposal *body)
{
    KcHttpReply *refused = check_body(body);
    g_auto(KcRulePreview) shown = {0};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    gsize count;
    if (refused != NULL)
        return refused;
    g_autofree KcRuleEdit *edits = edits_of(body, &count);
    const KcRuleProposal proposal = {.edits = edits, .edit_count = count, .revert_to = body->revert_to};
    if (!kc_app_preview_rules(request->app, request->caller.principal, &proposal, &shown, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *problems = json_array();
    if (shown.problem != NULL)
        json_array_append_new(problems, problem_of(shown.problem));
    return kc_http_reply_json(MHD_HTTP_OK, json_pack("{s:I, s:o, s:o, s:I}", "base", (json_int_t)shown.base, "problems",
                                                     problems, "changes", changes_of(shown.diffs), "open_cases",
                                                     (json_int_t)shown.open_cases));
}

KcHttpReply *
kc_post_rules_preview(KcHttpRequest *request)
{
    Proposal body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    KcHttpReply *reply =
        kc_bind(request->json, preview_fields, &body, &errors) ? preview(request, &body) : kc_problem_fields(&errors);
    kc_bind_clear(preview_fields, &body);
    return reply;
}

static KcHttpReply *
change(KcHttpRequest *request, const Proposal *body)
{
    KcHttpReply *refused = check_body(body);
    g_autoptr(KcRuleVersion) made = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    gint64 expected = 0;
    gsize count;
    if (refused == NULL)
        refused = kc_precondition_if_match(request, &expected);
    if (refused != NULL)
        return refused;
    g_autofree KcRuleEdit *edits = edits_of(body, &count);
    const KcRuleProposal proposal = {.edits = edits,
                                     .edit_count = count,
                                     .revert_to = body->revert_to,
                                     .expected_newest = expected,
                                     .reason = body->reason,
                                     .valid_from = body->valid_from};
    if (!kc_app_change_rules(request->app, request->caller.principal, &proposal, &made, &result, &error))
        return kc_outcome_reply(request, &result, error);
    KcHttpReply *reply =
        kc_http_reply_json(MHD_HTTP_CREATED, json_pack("{s:o}", "version", version_of(made, kc_app_rules_number(request->app))));
    g_autofree char *etag = kc_etag_of_version(made->number);
    kc_http_reply_header(reply, "ETag", etag);
    return reply;
}

KcHttpReply *
kc_post_rules(KcHttpRequest *request)
{
    Proposal body = {NULL};
    g_auto(KcFieldErrors) errors = {NULL};
    KcHttpReply *reply =
        kc_bind(request->json, change_fields, &body, &errors) ? change(request, &body) : kc_problem_fields(&errors);
    kc_bind_clear(change_fields, &body);
    return reply;
}

typedef struct {
    gint64 version;
} Withdrawal;

static const KcBindField withdrawal_fields[] = {
    {"version", KC_BIND_INT, G_STRUCT_OFFSET(Withdrawal, version), KC_BIND_REQUIRED, .min = 1, .max = G_MAXINT32},
    {NULL},
};

KcHttpReply *
kc_post_rules_withdrawal(KcHttpRequest *request)
{
    Withdrawal body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, withdrawal_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_withdraw_rules(request->app, request->caller.principal, body.version, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_new(MHD_HTTP_NO_CONTENT);
}
