/* Where it happened turns out to be elsewhere: the desk corrects the words, the point, or both, and the county that has
 * jurisdiction (Order 146, arts. 9 and 10) follows from them. */
#include "src/app/internal.h"
#include "src/domain/distance.h"

char *
kc_app_find_county(const KcRules *rules, const char *place_text, gboolean has_position, double latitude, double longitude)
{
    const KcCounty *county = NULL;
    if (place_text != NULL)
        county = kc_rules_county_in_text(rules, place_text);
    if (county == NULL && has_position)
        county = kc_rules_county_near(rules, latitude, longitude);
    return county != NULL ? g_strdup(county->code) : NULL;
}

void
kc_app_check_place(const char *place_text, gboolean has_position, double latitude, double longitude, const char *prefix,
                   KcResult *result)
{
    g_autofree char *text = g_strconcat(prefix, "/text", NULL), *position = g_strconcat(prefix, "/latitude", NULL);
    gboolean has_text = place_text != NULL && place_text[0] != '\0';
    if (!has_text && !has_position)
        kc_refuse_field(result, prefix, "事故地点或定位至少要有一项 / a place in words or a position is needed");
    if (has_text && g_utf8_strlen(place_text, -1) > KC_LIMIT_SHORT_TEXT_CHARS)
        kc_refuse_field(result, text, "内容过长 / too long");
    if (has_position && !(ABS(latitude) <= 90 && ABS(longitude) <= 180))
        kc_refuse_field(result, position, "坐标无效 / no place on earth");
}

static gboolean
is_so_already(const KcCaseRow *row, const KcNewPlace *place)
{
    gboolean words = place->text == NULL || g_strcmp0(row->place_text != NULL ? row->place_text : "", place->text) == 0;
    gboolean point = !place->has_position || (row->has_position && row->latitude == place->latitude &&
                                              row->longitude == place->longitude && row->accuracy_m == place->accuracy_m);
    return words && point;
}

static gboolean
check(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    const KcNewPlace *place = change->data;
    const char *words = place->text != NULL ? place->text : row->place_text;
    gboolean point = place->has_position;
    kc_app_check_place(words, point || row->has_position, point ? place->latitude : row->latitude,
                       point ? place->longitude : row->longitude, "/place", result);
    change->skip = is_so_already(row, place);
    return result->kind == KC_RESULT_OK;
}

/* Which of both, how far, and the county before and after: neither the words nor the point, which are personal. */
static json_t *
entry_of(const KcCaseRow *row, const KcNewPlace *place)
{
    json_t *fields = json_array();
    if (place->text != NULL && g_strcmp0(row->place_text, place->text) != 0)
        json_array_append_new(fields, json_string("text"));
    if (place->has_position)
        json_array_append_new(fields, json_string("position"));
    json_t *entry = json_pack("{s:o, s:s?}", "fields", fields, "county_before", row->county);
    if (place->has_position && row->has_position)
        json_object_set_new(entry, "moved_m",
                            json_integer((json_int_t)kc_distance_m(row->latitude, row->longitude, place->latitude,
                                                                   place->longitude)));
    return entry;
}

static gboolean
finish(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    const KcNewPlace *place = change->data;
    change->log_data = entry_of(row, place);
    if (place->text != NULL) {
        g_free(row->place_text);
        row->place_text = place->text[0] != '\0' ? g_strdup(place->text) : NULL;
    }
    if (place->has_position) {
        row->has_position = TRUE;
        row->latitude = place->latitude;
        row->longitude = place->longitude;
        row->accuracy_m = place->accuracy_m;
    }
    g_free(row->county);
    row->county = kc_app_find_county(kc_app_rules_of(change->app, row), row->place_text, row->has_position, row->latitude,
                                     row->longitude);
    json_object_set_new(change->log_data, "county", row->county != NULL ? json_string(row->county) : json_null());
    return TRUE;
}

gboolean
kc_app_change_place(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                    const KcNewPlace *place, KcCaseView **ret_case, KcResult *result, GError **error)
{
    KcChange change = {
        .app = app,
        .who = who,
        .case_id = case_id,
        .expected_version = expected_version,
        .action = KC_ACTION_CHANGE_PLACE,
        .event = KC_CASE_EDIT_PARTICULARS,
        .log_kind = "case.place_changed",
        .check = check,
        .finish = finish,
        .data = (gpointer)place,
    };
    return kc_app_change_case(&change, ret_case, result, error);
}
