/* The parties' agreement as JSON: in the API, in the store, and frozen beside each text that was proposed. */
#include "src/app/agreements.h"
#include "src/app/codec_private.h"
#include "src/app/internal.h"

#define MAX_CNY (1000 * 1000 * 1000)

static const KcTextField ACCIDENT_TEXTS[] = {
    {"place_text", G_STRUCT_OFFSET(KcDetermination, place_text)},
    {"weather", G_STRUCT_OFFSET(KcDetermination, weather)},
    {"accident_form", G_STRUCT_OFFSET(KcDetermination, accident_form)},
    {"collision_type", G_STRUCT_OFFSET(KcDetermination, collision_type)},
    {"collision_object", G_STRUCT_OFFSET(KcDetermination, collision_object)},
    {"facts", G_STRUCT_OFFSET(KcDetermination, facts)},
    {NULL, 0},
};

static const KcTextField SETTLER_TEXTS[] = {
    {"name", G_STRUCT_OFFSET(KcSettler, name)},
    {"phone", G_STRUCT_OFFSET(KcSettler, phone)},
    {"id_number", G_STRUCT_OFFSET(KcSettler, id_number)},
    {NULL, 0},
};

static const KcTextField PAYMENT_TEXTS[] = {
    {"from_party_id", G_STRUCT_OFFSET(KcPayment, from_id)},
    {"to_party_id", G_STRUCT_OFFSET(KcPayment, to_id)},
    {NULL, 0},
};

static void
put_texts(json_t *root, const KcTextField *fields, gconstpointer from)
{
    for (; fields->name != NULL; fields++)
        json_object_set_new(root, fields->name, kc_codec_text_or_null(G_STRUCT_MEMBER(char *, from, fields->offset)));
}

static json_t *
parties_to_json(const KcAgreement *agreement)
{
    json_t *list = json_array();
    for (guint i = 0; i < agreement->settlers->len; i++) {
        const KcSettler *settler = agreement->settlers->pdata[i];
        json_t *party = kc_codec_party_to_json(agreement->accident->parties->pdata[i]);
        put_texts(party, SETTLER_TEXTS, settler);
        json_object_set_new(party, "damage_cny",
                            settler->damage_cny >= 0 ? json_integer(settler->damage_cny) : json_null());
        json_array_append_new(list, party);
    }
    return list;
}

static json_t *
payments_to_json(const GPtrArray *payments)
{
    json_t *list = json_array();
    for (guint i = 0; i < payments->len; i++) {
        const KcPayment *payment = payments->pdata[i];
        json_t *item = json_object();
        put_texts(item, PAYMENT_TEXTS, payment);
        json_object_set_new(item, "amount_cny",
                            payment->amount_cny > 0 ? json_integer(payment->amount_cny) : json_null());
        json_array_append_new(list, item);
    }
    return list;
}

json_t *
kc_agreement_to_json(const KcAgreement *agreement)
{
    g_autofree char *occurred = kc_timestamp_format(agreement->accident->occurred_at_us);
    json_t *root = json_object();
    json_object_set_new(root, "occurred_at", kc_codec_text_or_null(occurred));
    put_texts(root, ACCIDENT_TEXTS, agreement->accident);
    json_object_set_new(root, "parties", parties_to_json(agreement));
    json_object_set_new(root, "compensation",
                        kc_codec_text_or_null(kc_compensation_to_string(agreement->compensation)));
    json_object_set_new(root, "payments", payments_to_json(agreement->payments));
    return root;
}

/* ---- reading ---- */

static gboolean
read_party_member(KcDeterminationParty *party, KcSettler *settler, const char *key, const json_t *value)
{
    gboolean known = FALSE;
    if (kc_codec_take_text(kc_codec_party_texts, key, value, party, &known))
        return TRUE;
    if (!known && kc_codec_take_text(SETTLER_TEXTS, key, value, settler, &known))
        return TRUE;
    if (known)
        return FALSE;
    if (strcmp(key, "liability") == 0)
        return kc_codec_read_liability(value, &party->liability);
    if (strcmp(key, "violations") == 0)
        return kc_codec_read_violations(value, party);
    return strcmp(key, "damage_cny") == 0 && kc_codec_read_number(value, MAX_CNY, &settler->damage_cny);
}

static gboolean
read_party(const json_t *root, guint number, gpointer target, char **ret_pointer)
{
    g_autoptr(KcDeterminationParty) party = kc_determination_party_new();
    g_autoptr(KcSettler) settler = kc_settler_new();
    const char *key;
    json_t *value;

    if (!json_is_object(root))
        return kc_codec_fail_at(ret_pointer, "/parties/%u", number);
    json_object_foreach((json_t *)root, key, value)
    {
        if (!read_party_member(party, settler, key, value))
            return kc_codec_fail_at(ret_pointer, "/parties/%u/%s", number, key);
    }
    kc_agreement_add_party(target, g_steal_pointer(&party), g_steal_pointer(&settler));
    return TRUE;
}

static gboolean
read_payment(const json_t *root, guint number, gpointer target, char **ret_pointer)
{
    KcAgreement *agreement = target;
    g_autoptr(KcPayment) payment = kc_payment_new(NULL, NULL, 0);
    gint64 amount = -1;
    const char *key;
    json_t *value;

    if (!json_is_object(root))
        return kc_codec_fail_at(ret_pointer, "/payments/%u", number);
    json_object_foreach((json_t *)root, key, value)
    {
        gboolean known = FALSE;
        gboolean good = kc_codec_take_text(PAYMENT_TEXTS, key, value, payment, &known);
        if (!known && strcmp(key, "amount_cny") == 0)
            good = kc_codec_read_number(value, MAX_CNY, &amount);
        if (!good)
            return kc_codec_fail_at(ret_pointer, "/payments/%u/%s", number, key);
    }
    payment->amount_cny = MAX(amount, 0);
    g_ptr_array_add(agreement->payments, g_steal_pointer(&payment));
    return TRUE;
}

static gboolean
read_member(KcAgreement *agreement, const char *key, const json_t *value, char **ret_pointer)
{
    gboolean known = FALSE;
    if (kc_codec_take_text(ACCIDENT_TEXTS, key, value, agreement->accident, &known))
        return TRUE;
    if (!known && strcmp(key, "parties") == 0)
        return kc_codec_read_list(value, key, KC_LIMIT_PARTIES_PER_CASE, read_party, agreement, ret_pointer);
    if (!known && strcmp(key, "payments") == 0)
        return kc_codec_read_list(value, key, KC_LIMIT_PAYMENTS_PER_AGREEMENT, read_payment, agreement, ret_pointer);
    if (!known && strcmp(key, "occurred_at") == 0 &&
        kc_codec_read_time(value, &agreement->accident->occurred_at_us))
        return TRUE;
    if (!known && strcmp(key, "compensation") == 0 &&
        (json_is_null(value) || (json_is_string(value) && kc_compensation_from_string(json_string_value(value),
                                                                                      &agreement->compensation))))
        return TRUE;
    return kc_codec_fail_at(ret_pointer, "/%s", key);
}

KcAgreement *
kc_agreement_from_json(const json_t *root, char **ret_pointer)
{
    g_autoptr(KcAgreement) agreement = kc_agreement_new();
    const char *key;
    json_t *value;

    if (!json_is_object(root)) {
        kc_codec_fail_at(ret_pointer, "%s", "");
        return NULL;
    }
    json_object_foreach((json_t *)root, key, value)
    {
        if (!read_member(agreement, key, value, ret_pointer))
            return NULL;
    }
    return g_steal_pointer(&agreement);
}
