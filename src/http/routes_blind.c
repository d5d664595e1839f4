/* Second looks at sampled cases, and how far they agree with the first. */
#include "src/app/blind_looks.h"
#include "src/base/limits.h"
#include "src/http/bind.h"
#include "src/http/forms.h"
#include "src/http/json_case.h"
#include "src/http/routes.h"

#include <math.h>
#include <string.h>

/* ---- What is told of a look ---- */

static json_t *
answer_of(const KcBlindAnswer *answer)
{
    json_t *differs = answer->first != NULL ? json_boolean(strcmp(answer->first, answer->second) != 0) : json_null();
    return json_pack("{s:s, s:o, s:s, s:o}", "question", kc_blind_question_to_string(answer->question), "first",
                     kc_json_text_or_null(answer->first), "second", answer->second, "differs", differs);
}

/* How many questions both answered otherwise; null before it was handed in. */
static json_t *
differing_of(const KcBlindLookView *view)
{
    json_int_t differing = 0;
    for (guint i = 0; view->answers != NULL && i < view->answers->len; i++) {
        const KcBlindAnswer *answer = view->answers->pdata[i];
        differing += answer->first != NULL && strcmp(answer->first, answer->second) != 0;
    }
    return view->answers != NULL ? json_integer(differing) : json_null();
}

static json_t *
look_of(gconstpointer item)
{
    const KcBlindLookView *view = item;
    const KcBlindLook *look = view->look;
    json_t *root = json_pack("{s:s, s:s, s:s, s:o, s:I, s:I, s:s, s:o, s:b, s:b}", "id", look->id, "case_id",
                             look->case_id, "case_number", view->case_number, "county",
                             kc_json_text_or_null(view->county), "sample", (json_int_t)look->sample, "turn",
                             (json_int_t)look->turn, "state", look->outcome != NULL ? look->outcome : "open", "by",
                             kc_json_text_or_null(view->user_name), "own", view->own, "late", view->late);
    json_object_set_new(root, "assigned_at", kc_json_time_or_null(look->assigned_us));
    json_object_set_new(root, "due_at", kc_json_time_or_null(look->due_us));
    json_object_set_new(root, "ended_at", kc_json_time_or_null(look->ended_us));
    json_object_set_new(root, "differing", differing_of(view));
    return root;
}

KcHttpReply *
kc_get_blind_looks(KcHttpRequest *request)
{
    g_auto(KcBlindList) list = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_list_blind_looks(request->app, request->caller.principal, &list, &result, &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root = kc_json_items(list.looks, look_of);
    json_object_set_new(
        root, "waiting",
        json_pack("{s:i, s:i}", "first_look", (int)list.without_first, "anybody", (int)list.without_anybody));
    return kc_http_reply_json(MHD_HTTP_OK, root);
}

/* ---- One look ---- */

/* Labels, vehicles and plates: what stands on the road. */
static json_t *
party_of(gconstpointer item)
{
    const KcParty *party = ((const KcPartyView *)item)->party;
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "id", party->id, "label", party->label, "kind",
                     kc_json_text_or_null(party->kind), "plate_number", kc_json_text_or_null(party->plate_number),
                     "plate_type", kc_json_text_or_null(party->plate_type), "vehicle_type",
                     kc_json_text_or_null(party->vehicle_type));
}

static json_t *
scene_of(const KcBlindSheet *sheet)
{
    const KcCaseRow *row = sheet->row;
    json_t *parties = json_array(), *stills = json_array();
    for (guint i = 0; i < sheet->parties->len; i++)
        json_array_append_new(parties, party_of(sheet->parties->pdata[i]));
    for (guint i = 0; i < sheet->stills->len; i++)
        json_array_append_new(stills, kc_json_still(sheet->stills->pdata[i], row->id));
    return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o}", "occurred_at", kc_json_time_or_null(row->occurred_us), "place",
                     kc_json_case_place(row), "channel", row->channel, "triage", kc_triage_to_json(&sheet->triage),
                     "parties", parties, "stills", stills);
}

static json_t *
comparison_of(const KcBlindLookView *view)
{
    json_t *answers = json_array();
    if (view->answers == NULL)
        return json_null();
    for (guint i = 0; i < view->answers->len; i++)
        json_array_append_new(answers, answer_of(view->answers->pdata[i]));
    return json_pack("{s:o, s:o, s:o}", "answers", answers, "first_by", kc_json_text_or_null(view->first_name),
                     "officer", kc_json_text_or_null(view->officer_name));
}

KcHttpReply *
kc_get_blind_look(KcHttpRequest *request)
{
    g_auto(KcBlindSheet) sheet = {NULL};
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_get_blind_look(request->app, request->caller.principal, kc_http_request_id(request, 0), &sheet, &result,
                               &error))
        return kc_outcome_reply(request, &result, error);
    json_t *root =
        json_pack("{s:o, s:o}", "look", look_of(sheet.view), "text", kc_json_text_or_null(sheet.view->look->words));
    json_object_set_new(root, "scene", sheet.row != NULL ? scene_of(&sheet) : json_null());
    json_object_set_new(root, "comparison", comparison_of(sheet.view));
    return kc_http_reply_json(MHD_HTTP_OK, root);
}

/* ---- Hand in, or give back ---- */

typedef struct {
    const char *accident_form, *text;
    GArray *shares, *scores;
} HandIn;

static const char *const liabilities[] = {"full", "primary", "equal", "secondary", "none", "undeterminable", NULL};
static const char *const criteria[] = {"safety", "evidence", "procedure", "manner", NULL};

static const KcBindField share_fields[] = {
    {"party_id", KC_BIND_ID, G_STRUCT_OFFSET(KcBlindShareSaid, party_id), KC_BIND_REQUIRED},
    {"liability", KC_BIND_CHOICE, G_STRUCT_OFFSET(KcBlindShareSaid, liability), KC_BIND_REQUIRED,
     .choices = liabilities},
    {NULL},
};
static const KcBindField score_fields[] = {
    {"criterion", KC_BIND_CHOICE, G_STRUCT_OFFSET(KcBlindScoreSaid, question), KC_BIND_REQUIRED, .choices = criteria},
    {"score", KC_BIND_INT, G_STRUCT_OFFSET(KcBlindScoreSaid, score), KC_BIND_REQUIRED, 0, 1, 5},
    {NULL},
};
static const KcBindField hand_in_fields[] = {
    {"liability", KC_BIND_OBJECTS, G_STRUCT_OFFSET(HandIn, shares), KC_BIND_REQUIRED, .max = KC_LIMIT_PARTIES_PER_CASE,
     .fields = share_fields, .size = sizeof(KcBlindShareSaid)},
    {"accident_form", KC_BIND_TEXT, G_STRUCT_OFFSET(HandIn, accident_form), KC_BIND_NULLABLE},
    {"scores", KC_BIND_OBJECTS, G_STRUCT_OFFSET(HandIn, scores), KC_BIND_REQUIRED, .max = G_N_ELEMENTS(criteria) - 1,
     .fields = score_fields, .size = sizeof(KcBlindScoreSaid)},
    {"text", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(HandIn, text), KC_BIND_NULLABLE},
    {NULL},
};

static KcHttpReply *
hand_in(KcHttpRequest *request, HandIn *body)
{
    g_autoptr(KcBlindLookView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    /* A choice is an index into its list. */
    for (guint i = 0; i < body->shares->len; i++) {
        KcBlindShareSaid *share = &g_array_index(body->shares, KcBlindShareSaid, i);
        KcLiability liability = KC_LIABILITY_UNSET;
        kc_liability_from_string(liabilities[share->liability], &liability);
        share->liability = (int)liability;
    }
    for (guint i = 0; i < body->scores->len; i++) {
        KcBlindScoreSaid *score = &g_array_index(body->scores, KcBlindScoreSaid, i);
        KcBlindQuestion question = KC_BLIND_SAFETY;
        kc_blind_question_from_string(criteria[score->question], &question);
        score->question = (int)question;
    }
    const KcBlindHandIn said = {.shares = (const KcBlindShareSaid *)(gpointer)body->shares->data,
                                .share_count = body->shares->len,
                                .accident_form = body->accident_form,
                                .scores = (const KcBlindScoreSaid *)(gpointer)body->scores->data,
                                .score_count = body->scores->len,
                                .text = body->text};
    if (!kc_app_hand_in_blind_look(request->app, request->caller.principal, kc_http_request_id(request, 0), &said,
                                   &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, json_pack("{s:o}", "look", look_of(view)));
}

KcHttpReply *
kc_post_blind_answer(KcHttpRequest *request)
{
    HandIn body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    KcHttpReply *reply =
        kc_bind(request->json, hand_in_fields, &body, &errors) ? hand_in(request, &body) : kc_problem_fields(&errors);
    kc_bind_clear(hand_in_fields, &body);
    return reply;
}

typedef struct {
    const char *reason;
} GiveBack;

static const KcBindField give_back_fields[] = {
    {"reason", KC_BIND_LONG_TEXT, G_STRUCT_OFFSET(GiveBack, reason), KC_BIND_REQUIRED},
    {NULL},
};

KcHttpReply *
kc_post_blind_return(KcHttpRequest *request)
{
    GiveBack body = {0};
    g_auto(KcFieldErrors) errors = {NULL};
    g_autoptr(KcBlindLookView) view = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_bind(request->json, give_back_fields, &body, &errors))
        return kc_problem_fields(&errors);
    if (!kc_app_give_back_blind_look(request->app, request->caller.principal, kc_http_request_id(request, 0),
                                     body.reason, &view, &result, &error))
        return kc_outcome_reply(request, &result, error);
    return kc_http_reply_json(MHD_HTTP_OK, json_pack("{s:o}", "look", look_of(view)));
}

/* ---- How far both agree ---- */

/* Enough that a percentage with one digit is what it would be unrounded. */
static json_t *
rounded(double value)
{
    return json_real(round(value * 1e6) / 1e6);
}

static json_t *
rate_of(gconstpointer item)
{
    const KcBlindRate *one = item;
    const KcConcordance *rate = &one->rate;
    return json_pack("{s:o, s:s, s:i, s:i, s:o, s:o, s:o, s:o}", "period", kc_json_text_or_null(one->period),
                     "question", kc_blind_question_to_string(one->question), "count", (int)rate->count, "agreed",
                     (int)rate->agreed, "share", rounded(rate->share), "low", rounded(rate->low), "high",
                     rounded(rate->high), "kappa", rate->has_kappa ? rounded(rate->kappa) : json_null());
}

KcHttpReply *
kc_get_blind_agreement(KcHttpRequest *request)
{
    g_autoptr(GPtrArray) rates = NULL;
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    KcHttpReply *refusal = NULL;
    KcForm form = kc_http_form(request, "csv", "text/csv", &refusal);
    if (form == KC_FORM_NONE)
        return refusal;
    if (!kc_app_blind_rates(request->app, request->caller.principal, kc_http_query_text(request, "from"),
                            kc_http_query_text(request, "to"), kc_http_query_text(request, "by"), &rates, &result,
                            &error))
        return kc_outcome_reply(request, &result, error);
    if (form == KC_FORM_SECOND) {
        char *csv = kc_blind_rates_to_csv(rates);
        return kc_http_file_reply(KC_CSV_TYPE, g_bytes_new_take(csv, strlen(csv)), "agreement.csv");
    }
    KcHttpReply *reply = kc_http_reply_json(MHD_HTTP_OK, kc_json_items(rates, rate_of));
    kc_http_reply_header(reply, "Vary", "Accept");
    return reply;
}
