#include "src/store/state_tables.h"

#include <string.h>

#define COLUMNS(...)                                                                                                   \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }
#define OF_CASE "@.case_id"
#define OF_INSTALLATION "''"
#define OF_OBJECT "(SELECT case_id FROM objects WHERE id = @.object_id)"
#define OF_LOOK "(SELECT case_id FROM blind_looks WHERE id = @.look_id)"
#define OF_DOCUMENT "(SELECT case_id FROM documents WHERE id = @.document_id)"

/* What a recording grows by is bound once it is finished; until then its progress is told by entries of the log. */
#define FINISHED(name, empty)                                                                                          \
    name "=CASE WHEN (SELECT status FROM objects WHERE id = @.object_id) = 'live' THEN NULL ELSE nullif(@." name       \
         ", " empty ") END"
#define SETTLED(name) name "=CASE WHEN @.status = 'live' THEN NULL ELSE @." name " END"

const KcStateTable kc_state_tables[] = {
    {"agreements", OF_CASE, {"case_id"}, COLUMNS("sealed_draft", "updated_us")},
    {"approvals",
     OF_CASE,
     {"case_id"},
     COLUMNS("draft_sha256", "requested_by", "requested_us", "approved_by", "approved_us")},
    {"blind_answers", OF_LOOK, {"look_id", "question"}, COLUMNS("first", "second")},
    {"blind_looks",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "sample", "turn", "user_id", "first_id", "assigned_us", "due_us", "outcome", "ended_us",
             "sealed_words")},
    {"capabilities",
     OF_CASE,
     {"token_hash"},
     COLUMNS("case_id", "party_id", "kind", "created_us", "expires_us", "guest_id")},
    {"case_accesses",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "user_id", "session", "purpose", "sealed_note", "stated_us", "until_us")},
    {"case_scores", OF_CASE, {"case_id", "user_id", "criterion"}, COLUMNS("score", "scored_us")},
    {"cases",
     "@.id",
     {"id"},
     COLUMNS("number", "version", "state", "county", "channel", "officer_id", "occurred_us", "created_us", "updated_us",
             "queued_us", "claimed_us", "evidence_fixed_us", "evacuated_us", "determined_us", "served_us", "closed_us",
             "on_scene_us", "abandoned_us", "closing_code", "triage_json", "eligibility_json",
             /* The key itself is authenticated with the case's id, and wrapped anew when the master key changes. */
             "wrapped_key=nullif(@.wrapped_key IS NULL, 0)", "sealed_facts", "mediation_method", "rules_number",
             "minimised_us", "integration_id", "alarm_number", "key_slot",
             "wrapped_recordings_key=nullif(@.wrapped_recordings_key IS NOT NULL, 0)",
             "erased_us=nullif(@.erased_us, 0)", "erased_by_rule", "erased_basis",
             "recordings_erased_us=nullif(@.recordings_erased_us, 0)")},
    {"compositions",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "state", "reason", "asked_by", "asked_us", "attempts", "started_us", "ended_us", "object_id")},
    {"consent_entries", OF_CASE, {"id"}, COLUMNS("case_id", "party_id", "kind", "given", "at_us", "recorded_by")},
    {"determinations",
     OF_CASE,
     {"case_id"},
     COLUMNS("status", "sealed_draft", "document_id", "updated_by", "updated_us")},
    {"document_copies", OF_DOCUMENT, {"sha256"}, COLUMNS("document_id", "made_us")},
    {"document_openings", OF_CASE, {"document_id", "party_id"}, COLUMNS("case_id", "sha256", "opened_us")},
    {"document_revocations", OF_DOCUMENT, {"document_id"}, COLUMNS("replaced_by", "at_us")},
    {"documents",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "kind", "number", "sealed_text", "sha256", "sealed_content", "issued_by", "issued_by_party",
             "issued_us", "pdf_object_id", "pdf_sha256")},
    /* A commitment that waits for its draw is no case's yet, and stands in the log by itself (draw.committed). */
    {"draws",
     OF_CASE,
     {"number"},
     COLUMNS("commitment", "committed_us", "sealed_seed", "seed", "case_id", "candidates_json", "chosen", "offer_id",
             "drawn_us")},
    {"findings",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "officer_id", "severity", "criterion", "mark_us", "sealed_text", "found_by", "found_us",
             "answer", "sealed_answer", "answered_by", "answered_us", "closing", "sealed_closing", "closed_by",
             "closed_us")},
    {"guests",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "kind", "party_id", "sealed_name", "invited_by", "created_us", "revoked_us", "revoked_by")},
    {"holds",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "sealed_words", "legal_basis", "placed_by", "placed_us", "lifted_by", "lifted_us")},
    {"integrations",
     OF_INSTALLATION,
     {"id"},
     COLUMNS("name", "key_hash", "scopes_json", "created_us", "created_by", "revoked_us")},
    {"late_reports", OF_CASE, {"case_id"}, COLUMNS("accepted", "ground", "sealed_reason", "decided_by", "decided_us")},
    {"law_passages", OF_INSTALLATION, {"law_id", "article", "article_sub", "paragraph", "item"}, COLUMNS("text")},
    {"law_texts", OF_INSTALLATION, {"id"}, COLUMNS("name", "title", "dated", "sha256", "articles", "imported_us")},
    {"log_keys", OF_INSTALLATION, {"public"}, COLUMNS("from_us", "until_us")},
    {"log_witnesses", OF_INSTALLATION, {"public"}, COLUMNS("name", "from_us")},
    {"messages", OF_CASE, {"id"}, COLUMNS("case_id", "party_id", "user_id", "guest_id", "sent_us", "sealed_text")},
    /* A picture is bound when its file is whole; until then nobody was told that it was kept. */
    {"objects",
     "CASE WHEN @.status = 'live' AND (@.kind <> 'recording' OR @.derived = 1) THEN NULL ELSE @.case_id END",
     {"id"},
     COLUMNS("case_id", "kind", "party_id", "user_id", "path", "status", SETTLED("sha256"), SETTLED("size_bytes"),
             "content_type", "sealed_meta", "created_us", "finished_us", "guest_id", "live=nullif(@.live, 0)",
             "key_class=nullif(@.key_class, 0)", "erased_us=nullif(@.erased_us, 0)", "erased_by_rule", "derived=nullif(@.derived, 0)")},
    {"offers",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "kind", "from_user", "holder", "to_user", "offered_us", "expires_us", "outcome", "decided_us")},
    {"parties",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "label", "is_reporter", "created_us", "sealed_particulars", "plate_index", "phone_index")},
    {"pauses",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "document_id", "party_id", "sealed_words", "said_us", "outcome", "sealed_note", "ended_us",
             "ended_by")},
    {"proposals", OF_CASE, {"document_id"}, COLUMNS("case_id", "status", "reason", "ended_us")},
    {"recordings",
     OF_OBJECT,
     {"object_id"},
     COLUMNS("segment", FINISHED("started_us", "0"), FINISHED("ended_us", "0"), FINISHED("duration_ms", "0"),
             FINISHED("chunks", "0"), FINISHED("has_audio", "0"), FINISHED("has_video", "0"), FINISHED("width", "0"),
             FINISHED("height", "0"), FINISHED("gaps_json", "'[]'"))},
    {"recusals",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "user_id", "party_id", "sealed_reason", "asked_us", "decision", "sealed_note", "decided_by",
             "decided_us")},
    {"reviews",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "party_id", "document_id", "sealed_request", "asked_us", "forwarded_us", "forwarded_by",
             "packet_object_id", "withdrawn_us", "outcome", "sealed_conclusion", "concluded_us", "concluded_by",
             "conclusion_document_id", "correction_document_id", "served_us", "served_by", "suit_us", "sealed_suit")},
    {"rule_texts", OF_INSTALLATION, {"sha256"}, COLUMNS("bytes")},
    {"rule_version_files", OF_INSTALLATION, {"number", "name"}, COLUMNS("sha256")},
    {"rule_versions",
     OF_INSTALLATION,
     {"number"},
     COLUMNS("origin", "reason", "equals", "created_by", "created_us", "valid_from_us", "withdrawn_by",
             "withdrawn_us")},
    {"rules_given", OF_INSTALLATION, {"name"}, COLUMNS("sha256")},
    {"sample_cases", OF_INSTALLATION, {"number", "case_id"}, COLUMNS("reason", "blind")},
    {"samples",
     OF_INSTALLATION,
     {"number"},
     COLUMNS("from_us", "to_us", "percent", "commitment", "committed_us", "sealed_seed", "seed", "candidates",
             "drawn_us", "blind_percent")},
    {"services",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "document_id", "party_id", "way", "delivery", "sha256", "pdf_sha256", "served_us",
             "recorded_us", "recorded_by", "sealed_note")},
    {"signatures",
     OF_CASE,
     {"id"},
     COLUMNS("case_id", "document_id", "party_id", "decision", "sealed_statement", "object_id", "document_sha256",
             "recorded_by", "signed_us", "pdf_sha256", "refused_what")},
    {"state_bindings", OF_INSTALLATION, {"schema"}, COLUMNS("bound_us")},
    {"users",
     OF_INSTALLATION,
     {"id"},
     COLUMNS("username", "name", "role", "badge_number", "counties_json", "password_hash", "disabled", "created_us",
             "grade")},
};
const guint kc_n_state_tables = G_N_ELEMENTS(kc_state_tables);

/* What is of no case's history, of hours or days, or changes every few seconds. */
const KcSummedTable kc_summed_tables[KC_SUMMED_TABLES] = {
    {"cases", COLUMNS("id", "key_tree", "retention_look_us", "retention_due_us")},
    {"counters", COLUMNS("name", "value")},
    {"events", COLUMNS("seq", "at_us", "type", "case_id", "audience", "audience_id", "data_json", "seal")},
    {"idempotency",
     COLUMNS("scope", "key", "request_hash", "status", "headers_json", "sealed_body", "created_us")},
    {"log_checkpoints", COLUMNS("size", "at_us", "note", "seal")},
    {"log_cosignatures", COLUMNS("size", "witness", "line", "at_us")},
    {"parties", COLUMNS("id", "last_seen_us")},
    {"report_progress", COLUMNS("one", "through_seq")},
    {"seats", COLUMNS("user_id", "said", "said_us")},
    {"sessions", COLUMNS("token_hash", "csrf_token", "user_id", "created_us", "expires_us", "seal")},
};

const KcUnbound kc_unbound[] = {
    {"audit_log", "is the log: each entry is hashed with the one before it, and a leaf of the tree"},
    {"log_leaves", "is the tree of the log: every leaf is made again from its entry"},
    {"log_rows", "is the tree of the log: every hash is made again from the leaves"},
    {"row_states", "is what the entries' states are taken over"},
    {"row_sums", "is sealed, and held against what it sums up (row_sums.c)"},
    {"case_search", "what cases are found by: made again from bound rows, and compared (check_derived.c)"},
    {"case_terms", "the same"},
    {"case_term_sources", "the same"},
    {"report_cases", "counted from the log, and held against it (check_derived.c)"},
    {"key_destructions", "what an erasure has still to carry out: is held against what was erased, which is bound (check_keys.c)"},
    {"file_removals", "the same"},
    {"key_state", "is held against the safe of keys itself (check_keys.c, and at every start)"},
};
const guint kc_n_unbound = G_N_ELEMENTS(kc_unbound);

char *
kc_state_sql(const char *sql, const char *row)
{
    g_autofree char *alias = g_strconcat(row, ".", NULL);
    g_auto(GStrv) parts = g_strsplit(sql, "@.", -1);
    return g_strjoinv(alias, parts);
}

char *
kc_state_column_name(const char *column)
{
    return g_strndup(column, strcspn(column, "="));
}

char *
kc_state_column_value(const char *column, const char *row)
{
    const char *sql = strchr(column, '=');
    return sql != NULL ? kc_state_sql(sql + 1, row) : g_strdup_printf("%s.%s", row, column);
}

char *
kc_state_key(const KcStateTable *table, const char *row)
{
    g_autoptr(GString) sql = g_string_new("CAST(");
    for (guint i = 0; table->key[i] != NULL; i++)
        g_string_append_printf(sql, "%s%s.%s", i > 0 ? " || '/' || " : "", row, table->key[i]);
    g_string_append(sql, " AS TEXT)");
    return g_string_free(g_steal_pointer(&sql), FALSE);
}

char *
kc_state_digest_call(const KcStateTable *table, const char *row)
{
    GString *sql = g_string_new(NULL);
    g_string_append_printf(sql, "kc_row_digest(%u", (guint)(table - kc_state_tables));
    for (const char *const *column = table->columns; *column != NULL; column++) {
        g_autofree char *value = kc_state_column_value(*column, row);
        g_string_append_printf(sql, ", %s", value);
    }
    g_string_append_c(sql, ')');
    return g_string_free(sql, FALSE);
}
