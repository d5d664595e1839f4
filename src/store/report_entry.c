#include "src/store/report_entry.h"

#include <string.h>

static const char *
text_of(const json_t *data, const char *key)
{
    return json_string_value(json_object_get(data, key));
}

static gint64
number_of(const json_t *data, const char *key, gint64 absent)
{
    const json_t *value = json_object_get(data, key);
    return json_is_integer(value) ? MAX(json_integer_value(value), 0) : absent;
}

/* Before documents said what they are, only determinations and the papers of reviews (…-R1, …-R2) were issued. */
static const char *
document_kind_of(const json_t *data)
{
    const char *kind = text_of(data, "kind"), *number = text_of(data, "number");
    if (kind != NULL || number == NULL)
        return kind;
    return g_str_has_suffix(number, "-R1") || g_str_has_suffix(number, "-R2") ? "review" : "determination";
}

static void
join_codes(const json_t *codes, char out[KC_REPORT_CODES_MAX])
{
    gsize i, length = 0;
    json_t *code;
    out[0] = '\0';
    json_array_foreach(codes, i, code)
    {
        gsize size = json_string_length(code);
        if (size == 0 || length + size + 2 > KC_REPORT_CODES_MAX)
            continue;
        if (length > 0)
            out[length++] = ' ';
        memcpy(out + length, json_string_value(code), size + 1);
        length += size;
    }
}

void
kc_report_entry_read(const json_t *data, KcReportEntryTexts *texts, KcReportEntry *entry)
{
    join_codes(json_object_get(data, "scenarios"), texts->scenarios);
    entry->number = text_of(data, "number");
    entry->channel = text_of(data, "channel");
    entry->county = text_of(data, "county");
    entry->document_kind = document_kind_of(data);
    entry->form = text_of(data, "accident_form");
    entry->scenarios = texts->scenarios;
    entry->closing_code = text_of(data, "closing_code");
    entry->ground = text_of(data, "ground");
    entry->review_outcome = text_of(data, "outcome");
    entry->recording_id = text_of(data, "recording_id");
    entry->object_id = text_of(data, "object_id");
    entry->reopened = json_is_true(json_object_get(data, "reopened"));
    entry->gaps = number_of(data, "gaps", 0);
    entry->gap_ms = number_of(data, "gap_ms", 0);
    entry->shots_asked = number_of(data, "shots_asked", -1);
    entry->shots_taken = number_of(data, "shots_taken", 0);
}
