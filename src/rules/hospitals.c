/* hospitals.json: where the hurt of an accident are taken, and the nearest of them. */
#include "src/domain/distance.h"
#include "src/rules/lists.h"

void
kc_hospital_free(KcHospital *hospital)
{
    g_free(hospital->code);
    g_free(hospital->zh);
    g_free(hospital->en);
    g_free(hospital->phone);
    g_free(hospital);
}

static KcHospital *
read_hospital(KcReader *reader, const json_t *object)
{
    static const char *const keys[] = {"code", "zh", "en", "phone", "latitude", "longitude", "green_channel", NULL};
    KcHospital *hospital = g_new0(KcHospital, 1);

    if (!kc_reader_object(reader, object, keys))
        return hospital;
    hospital->code = kc_reader_text(reader, object, "code");
    hospital->zh = kc_reader_text(reader, object, "zh");
    hospital->en = kc_reader_text(reader, object, "en");
    hospital->phone = kc_reader_optional_text(reader, object, "phone");
    hospital->latitude = kc_reader_number(reader, object, "latitude", -90, 90);
    hospital->longitude = kc_reader_number(reader, object, "longitude", -180, 180);
    hospital->green_channel = kc_reader_boolean(reader, object, "green_channel");
    return hospital;
}

void
kc_rules_read_hospitals(KcReader *reader, const json_t *root, KcRules *rules)
{
    static const char *const keys[] = {"about",      "example",         "kind", "effective_from", "legal_basis",
                                       "emergency_phone", "hospitals", NULL};
    g_autoptr(GHashTable) seen = kc_rules_seen_new();
    gsize index;
    json_t *item;

    if (!kc_reader_object(reader, root, keys))
        return;
    kc_rules_read_list_head(reader, root);
    rules->emergency_phone = kc_reader_text(reader, root, "emergency_phone");
    gboolean example = kc_reader_boolean(reader, root, "example");
    const json_t *items = kc_reader_member(reader, root, "hospitals", JSON_ARRAY);
    kc_reader_enter(reader, "hospitals");
    json_array_foreach(items, index, item)
    {
        kc_reader_enter_index(reader, index);
        KcHospital *hospital = read_hospital(reader, item);
        hospital->example = example;
        g_ptr_array_add(rules->hospitals, hospital);
        if (reader->error == NULL)
            kc_rules_check_unique(reader, seen, (KcDated){hospital->code, NULL, NULL});
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
}

const KcHospital *
kc_rules_hospital_near(const KcRules *rules, double latitude, double longitude, gint64 *ret_metres)
{
    const KcHospital *nearest = NULL;
    double nearest_m = 0;

    for (guint i = 0; i < rules->hospitals->len; i++) {
        const KcHospital *hospital = rules->hospitals->pdata[i];
        double metres = kc_distance_m(latitude, longitude, hospital->latitude, hospital->longitude);
        if (nearest != NULL && metres >= nearest_m)
            continue;
        nearest = hospital;
        nearest_m = metres;
    }
    if (nearest != NULL)
        *ret_metres = (gint64)nearest_m;
    return nearest;
}

const GPtrArray *
kc_rules_hospitals(const KcRules *rules)
{
    return rules->hospitals;
}

const char *
kc_rules_emergency_phone(const KcRules *rules)
{
    return rules->emergency_phone;
}
