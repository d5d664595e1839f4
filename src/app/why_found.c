#include "src/app/why_found.h"
#include "src/store/agreement_store.h"
#include "src/store/determination_store.h"
#include "src/store/message_store.h"

#define SNIPPET_BEFORE 12
#define SNIPPET_CHARS 48
#define WHYS_A_PIECE 3

void
kc_asked_piece_free(KcAskedPiece *piece)
{
    if (piece == NULL)
        return;
    g_ptr_array_unref(piece->officer_ids);
    g_ptr_array_unref(piece->officer_names);
    g_ptr_array_unref(piece->forms);
    g_ptr_array_unref(piece->form_names);
    g_free(piece->text);
    g_free(piece);
}

void
kc_why_found_free(KcWhyFound *why)
{
    if (why == NULL)
        return;
    g_free(why->label);
    g_free(why->text);
    g_free(why);
}

typedef struct {
    KcTx *tx;
    const KcCaseView *view;
    const char *piece;
    GPtrArray *whys;
    guint before;   /* of them, when this piece began */
    guint texts;    /* and when its texts did */
    gboolean whole; /* one of its texts has all of it */
} Search;

static gboolean
has_enough(const Search *self)
{
    return self->whys->len - self->before >= WHYS_A_PIECE;
}

static void
add_why(Search *self, const char *field, const char *label, const char *text, guint start, guint length)
{
    KcWhyFound *why = g_new0(KcWhyFound, 1);
    glong chars = g_utf8_strlen(text, -1);
    guint from = chars > SNIPPET_CHARS && start > SNIPPET_BEFORE ? start - SNIPPET_BEFORE : 0;
    why->field = field;
    why->label = g_strdup(label);
    why->start = start - from;
    why->length = MIN(length, SNIPPET_CHARS - why->start);
    why->text = g_utf8_substring(text, from, MIN(chars, (glong)from + SNIPPET_CHARS));
    why->begins_within = from > 0;
    why->ends_within = (glong)from + SNIPPET_CHARS < chars;
    g_ptr_array_add(self->whys, why);
}

static void
try_text(Search *self, const char *field, const char *label, const char *text)
{
    guint start, length;
    gboolean whole;
    if (text == NULL || !kc_search_locate(text, self->piece, &start, &length, &whole) || (self->whole && !whole))
        return;
    /* Where all of it stands somewhere, its beginning elsewhere ("13" of a phone number) is an accident. */
    if (whole && !self->whole)
        g_ptr_array_set_size(self->whys, (gint)self->texts);
    self->whole = whole;
    if (!has_enough(self))
        add_why(self, field, label, text, start, length);
}

/* ---- texts ---- */

static void
try_case(Search *self)
{
    const KcCaseRow *row = self->view->row;
    try_text(self, "number", NULL, row->number);
    try_text(self, "place", NULL, row->place_text);
    try_text(self, "phone", NULL, row->reporter_phone);
    try_text(self, "on_scene_reason", NULL, row->on_scene_reason);
    try_text(self, "mediation_result", NULL, row->mediation_result);
}

static void
try_party(Search *self, const char *id)
{
    for (guint i = 0; i < self->view->parties->len; i++) {
        const KcParty *party = ((const KcPartyView *)self->view->parties->pdata[i])->party;
        if (strcmp(party->id, id) != 0)
            continue;
        try_text(self, "name", party->label, party->name);
        try_text(self, "plate", party->label, party->plate_number);
        try_text(self, "phone", party->label, party->phone);
        try_text(self, "identifier", party->label, party->id_number);
        try_text(self, "identifier", party->label, party->licence_number);
        try_text(self, "identifier", party->label, party->insurance_certificate);
    }
}

static void
try_json(Search *self, const char *field, const json_t *value)
{
    const char *key;
    json_t *member;
    size_t i;
    try_text(self, field, NULL, json_string_value(value));
    json_array_foreach(value, i, member) try_json(self, field, member);
    json_object_foreach((json_t *)value, key, member) try_json(self, field, member);
}

static void
try_json_text(Search *self, const char *field, const char *text)
{
    g_autoptr(json_t) root = text != NULL ? kc_json_parse(text) : NULL;
    if (root != NULL)
        try_json(self, field, root);
}

static gboolean
try_drafts(Search *self, const char *source, GError **error)
{
    g_autoptr(KcDeterminationRow) determination = NULL;
    g_autoptr(KcAgreementRow) agreement = NULL;
    const char *case_id = self->view->row->id;
    if (strcmp(source, "agreement") == 0 && kc_agreement_store_get(self->tx, case_id, &agreement, error)) {
        try_json_text(self, "agreement", agreement != NULL ? agreement->draft_json : NULL);
        return TRUE;
    }
    if (strcmp(source, "determination") == 0 && kc_determination_store_get(self->tx, case_id, &determination, error)) {
        try_json_text(self, "reason", determination != NULL ? determination->draft_json : NULL);
        return TRUE;
    }
    return FALSE;
}

static const char *
label_of(const Search *self, const char *party_id)
{
    for (guint i = 0; i < self->view->parties->len; i++) {
        const KcParty *party = ((const KcPartyView *)self->view->parties->pdata[i])->party;
        if (g_strcmp0(party->id, party_id) == 0)
            return party->label;
    }
    return NULL;
}

static gboolean
try_statements(Search *self, const char *signature_id, GError **error)
{
    g_autoptr(GPtrArray) signatures = kc_signature_store_list(self->tx, self->view->row->id, NULL, error);
    for (guint i = 0; signatures != NULL && i < signatures->len; i++) {
        const KcSignature *signature = signatures->pdata[i];
        if (strcmp(signature->id, signature_id) == 0)
            try_text(self, "statement", label_of(self, signature->party_id), signature->statement);
    }
    return signatures != NULL;
}

static gboolean
try_message(Search *self, const char *message_id, GError **error)
{
    g_autoptr(KcChatMessage) message = NULL;
    if (!kc_message_store_get(self->tx, message_id, &message, error))
        return FALSE;
    if (message != NULL)
        try_text(self, "message", label_of(self, message->party_id), message->text);
    return TRUE;
}

static gboolean
try_review(Search *self, GError **error)
{
    g_autoptr(KcReviewRow) review = NULL;
    if (!kc_review_store_get(self->tx, self->view->row->id, &review, error))
        return FALSE;
    if (review != NULL) {
        try_json_text(self, "review", review->request_json);
        try_json_text(self, "review", review->conclusion_json);
    }
    return TRUE;
}

static gboolean
try_other(Search *self, const char *source, GError **error)
{
    KcLateReport *late = NULL;
    g_autoptr(KcDocumentRow) document = NULL;
    if (g_str_has_prefix(source, "document:")) {
        if (!kc_document_store_get(self->tx, source + strlen("document:"), &document, error))
            return FALSE;
        try_text(self, "document", NULL, document != NULL ? document->number : NULL);
        return TRUE;
    }
    if (strcmp(source, "late_report") != 0)
        return TRUE;
    if (!kc_late_report_store_get(self->tx, self->view->row->id, &late, error))
        return FALSE;
    try_text(self, "late_report", NULL, late != NULL ? late->reason : NULL);
    kc_late_report_free(late);
    return TRUE;
}

static gboolean
try_source(Search *self, const char *source, GError **error)
{
    if (strcmp(source, "case") == 0)
        try_case(self);
    else if (g_str_has_prefix(source, "party:"))
        try_party(self, source + strlen("party:"));
    else if (strcmp(source, "determination") == 0 || strcmp(source, "agreement") == 0)
        return try_drafts(self, source, error);
    else if (g_str_has_prefix(source, "signature:"))
        return try_statements(self, source + strlen("signature:"), error);
    else if (g_str_has_prefix(source, "message:"))
        return try_message(self, source + strlen("message:"), error);
    else if (g_str_has_prefix(source, "review"))
        return try_review(self, error);
    else
        return try_other(self, source, error);
    return TRUE;
}

/* ---- pieces ---- */

static void
try_officer(Search *self, const KcAskedPiece *piece)
{
    for (guint i = 0; i + 1 < piece->officer_ids->len; i++) {
        const char *name = piece->officer_names->pdata[i];
        guint start = 0, length = 0;
        gboolean whole;
        if (g_strcmp0(piece->officer_ids->pdata[i], self->view->row->officer_id) != 0)
            continue;
        if (!kc_search_locate(name, self->piece, &start, &length, &whole))
            length = 0;
        add_why(self, "officer", NULL, name, start, length);
    }
}

static gboolean
try_piece(Search *self, const KcAskedPiece *piece, GError **error)
{
    self->piece = piece->asked.text;
    self->before = self->whys->len;
    try_officer(self, piece);
    self->texts = self->whys->len;
    self->whole = FALSE;
    g_auto(GStrv) sources =
        kc_search_store_sources(self->tx, self->view->row->id, self->piece, piece->asked.fields, error);
    for (guint i = 0; sources != NULL && sources[i] != NULL; i++)
        if (!try_source(self, sources[i], error))
            return FALSE;
    if (self->whys->len == self->before && piece->form_names->len > 0)
        add_why(self, "form", NULL, piece->form_names->pdata[0], 0, 0);
    if (self->whys->len == self->before && piece->asked.by != KC_SEARCH_BY_NOTHING)
        add_why(self, "outcome", NULL, self->piece, 0, 0);
    return sources != NULL;
}

gboolean
kc_app_why_found(KcTx *tx, const KcCaseView *view, const GPtrArray *pieces, GPtrArray *whys, GError **error)
{
    Search self = {.tx = tx, .view = view, .whys = whys};
    for (guint i = 0; i < pieces->len; i++)
        if (!try_piece(&self, pieces->pdata[i], error))
            return FALSE;
    return TRUE;
}
