/* What differs between two agreements, so that who was about to sign the older one can be told. */
#include "src/domain/agreement.h"

typedef struct {
    gsize offset; /* of a char * */
    const char *zh, *en;
} TextField;

static const TextField ACCIDENT[] = {
    {G_STRUCT_OFFSET(KcDetermination, place_text), "事故地点", "place"},
    {G_STRUCT_OFFSET(KcDetermination, weather), "天气", "weather"},
    {G_STRUCT_OFFSET(KcDetermination, accident_form), "事故形态", "accident form"},
    {G_STRUCT_OFFSET(KcDetermination, collision_type), "碰撞方式", "collision type"},
    {G_STRUCT_OFFSET(KcDetermination, collision_object), "碰撞对象", "object hit"},
    {G_STRUCT_OFFSET(KcDetermination, facts), "事故经过", "what happened"},
};

static const TextField VEHICLE[] = {
    {G_STRUCT_OFFSET(KcDeterminationParty, licence_number), "驾驶证号", "licence number"},
    {G_STRUCT_OFFSET(KcDeterminationParty, vehicle_type), "交通方式", "vehicle"},
    {G_STRUCT_OFFSET(KcDeterminationParty, plate_number), "号牌号码", "plate number"},
    {G_STRUCT_OFFSET(KcDeterminationParty, plate_type), "号牌种类", "plate type"},
    {G_STRUCT_OFFSET(KcDeterminationParty, insurer), "保险公司", "insurer"},
    {G_STRUCT_OFFSET(KcDeterminationParty, insurance_certificate), "保险凭证号", "insurance certificate"},
    {G_STRUCT_OFFSET(KcDeterminationParty, collision_part), "碰撞部位", "collision part"},
};

static const TextField PERSON[] = {
    {G_STRUCT_OFFSET(KcSettler, name), "姓名", "name"},
    {G_STRUCT_OFFSET(KcSettler, phone), "联系方式", "telephone number"},
    {G_STRUCT_OFFSET(KcSettler, id_number), "身份证号", "identity number"},
};

void
kc_agreement_change_free(KcAgreementChange *change)
{
    if (change == NULL)
        return;
    g_free(change->party_id);
    g_free(change);
}

static void
note(GPtrArray *changes, const char *party_id, const char *zh, const char *en)
{
    KcAgreementChange *change = g_new0(KcAgreementChange, 1);
    change->party_id = g_strdup(party_id);
    change->zh = zh;
    change->en = en;
    g_ptr_array_add(changes, change);
}

static void
compare_texts(GPtrArray *changes, const char *party_id, gconstpointer before, gconstpointer after,
              const TextField *fields, gsize count)
{
    for (gsize i = 0; i < count; i++)
        if (g_strcmp0(G_STRUCT_MEMBER(char *, before, fields[i].offset),
                      G_STRUCT_MEMBER(char *, after, fields[i].offset)) != 0)
            note(changes, party_id, fields[i].zh, fields[i].en);
}

static gboolean
same_violations(const GPtrArray *before, const GPtrArray *after)
{
    if (before->len != after->len)
        return FALSE;
    for (guint i = 0; i < before->len; i++)
        if (g_strcmp0(before->pdata[i], after->pdata[i]) != 0)
            return FALSE;
    return TRUE;
}

static void
compare_party(GPtrArray *changes, const KcAgreement *before, guint was, const KcAgreement *after, guint is)
{
    const KcDeterminationParty *old = before->accident->parties->pdata[was];
    const KcDeterminationParty *new = after->accident->parties->pdata[is];
    const KcSettler *old_person = before->settlers->pdata[was], *new_person = after->settlers->pdata[is];

    compare_texts(changes, new->party_id, old_person, new_person, PERSON, G_N_ELEMENTS(PERSON));
    compare_texts(changes, new->party_id, old, new, VEHICLE, G_N_ELEMENTS(VEHICLE));
    if (old_person->damage_cny != new_person->damage_cny)
        note(changes, new->party_id, "损失", "damage");
    if (!same_violations(old->violations, new->violations))
        note(changes, new->party_id, "事故情形", "what it did");
    if (old->liability != new->liability)
        note(changes, new->party_id, "责任", "liability");
}

static void
compare_parties(GPtrArray *changes, const KcAgreement *before, const KcAgreement *after)
{
    const GPtrArray *parties = after->accident->parties;
    for (guint i = 0; i < parties->len; i++) {
        const KcDeterminationParty *party = parties->pdata[i];
        int was = kc_agreement_find_party(before, party->party_id);
        if (was >= 0)
            compare_party(changes, before, (guint)was, after, i);
        else
            note(changes, party->party_id, "新的当事人", "a new party");
    }
}

static gboolean
same_payments(const GPtrArray *before, const GPtrArray *after)
{
    if (before->len != after->len)
        return FALSE;
    for (guint i = 0; i < before->len; i++) {
        const KcPayment *old = before->pdata[i], *new = after->pdata[i];
        if (g_strcmp0(old->from_id, new->from_id) != 0 || g_strcmp0(old->to_id, new->to_id) != 0 ||
            old->amount_cny != new->amount_cny)
            return FALSE;
    }
    return TRUE;
}

GPtrArray *
kc_agreement_changes(const KcAgreement *before, const KcAgreement *after)
{
    GPtrArray *changes = g_ptr_array_new_with_free_func((GDestroyNotify)kc_agreement_change_free);

    if (before->accident->occurred_at_us != after->accident->occurred_at_us)
        note(changes, NULL, "事故时间", "time");
    compare_texts(changes, NULL, before->accident, after->accident, ACCIDENT, G_N_ELEMENTS(ACCIDENT));
    compare_parties(changes, before, after);
    if (before->compensation != after->compensation || !same_payments(before->payments, after->payments))
        note(changes, NULL, "赔偿", "compensation");
    return changes;
}
