#include "src/domain/agreement.h"

#include "src/base/names.h"
#include "src/domain/findings_private.h"

static const char *const COMPENSATIONS[] = {
    [KC_COMPENSATION_INSURANCE] = "insurance",
    [KC_COMPENSATION_PRIVATE] = "private",
    [KC_COMPENSATION_NONE] = "none",
};

KcAgreement *
kc_agreement_new(void)
{
    KcAgreement *agreement = g_new0(KcAgreement, 1);
    agreement->accident = kc_determination_new();
    agreement->settlers = g_ptr_array_new_with_free_func((GDestroyNotify)kc_settler_free);
    agreement->payments = g_ptr_array_new_with_free_func((GDestroyNotify)kc_payment_free);
    return agreement;
}

KcSettler *
kc_settler_new(void)
{
    KcSettler *settler = g_new0(KcSettler, 1);
    settler->damage_cny = -1;
    return settler;
}

KcPayment *
kc_payment_new(const char *from_id, const char *to_id, gint64 amount_cny)
{
    KcPayment *payment = g_new0(KcPayment, 1);
    payment->from_id = g_strdup(from_id);
    payment->to_id = g_strdup(to_id);
    payment->amount_cny = amount_cny;
    return payment;
}

void
kc_agreement_free(KcAgreement *agreement)
{
    if (agreement == NULL)
        return;
    kc_determination_free(agreement->accident);
    g_clear_pointer(&agreement->settlers, g_ptr_array_unref);
    g_clear_pointer(&agreement->payments, g_ptr_array_unref);
    g_free(agreement);
}

void
kc_settler_free(KcSettler *settler)
{
    if (settler == NULL)
        return;
    g_free(settler->name);
    g_free(settler->phone);
    g_free(settler->id_number);
    g_free(settler);
}

void
kc_payment_free(KcPayment *payment)
{
    if (payment == NULL)
        return;
    g_free(payment->from_id);
    g_free(payment->to_id);
    g_free(payment);
}

void
kc_agreement_add_party(KcAgreement *agreement, KcDeterminationParty *party, KcSettler *settler)
{
    g_ptr_array_add(agreement->accident->parties, party);
    g_ptr_array_add(agreement->settlers, settler);
}

int
kc_agreement_find_party(const KcAgreement *agreement, const char *party_id)
{
    const GPtrArray *parties = agreement->accident->parties;
    for (guint i = 0; i < parties->len; i++)
        if (g_strcmp0(((const KcDeterminationParty *)parties->pdata[i])->party_id, party_id) == 0)
            return (int)i;
    return -1;
}

const char *
kc_compensation_to_string(KcCompensation compensation)
{
    return COMPENSATIONS[compensation];
}

gboolean
kc_compensation_from_string(const char *text, KcCompensation *ret_compensation)
{
    int index = kc_names_find(COMPENSATIONS, G_N_ELEMENTS(COMPENSATIONS), text);
    if (index >= 0)
        *ret_compensation = (KcCompensation)index;
    return index >= 0;
}

/* ---- what it must say ---- */

typedef struct {
    const KcAgreement *agreement;
    GPtrArray *findings;
} Check;

static void G_GNUC_PRINTF(6, 7)
finds(Check *check, KcFindingKind kind, const char *code, const char *zh, const char *en, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *pointer = g_strdup_vprintf(format, args);
    va_end(args);
    kc_findings_add(check->findings, kind, code, pointer, zh, en);
}

static void
check_identity(Check *check, guint index, KcTravelClass travel)
{
    const KcDeterminationParty *party = check->agreement->accident->parties->pdata[index];
    const KcSettler *settler = check->agreement->settlers->pdata[index];
    gboolean has_id = !kc_text_is_blank(settler->id_number);

    if (travel == KC_TRAVEL_MOTOR && !has_id && kc_text_is_blank(party->licence_number))
        finds(check, KC_FINDING_MISSING, "LICENCE_OR_ID", "请填写驾驶证号或者身份证号。",
              "The number of the driving licence or identity card is missing.", "/parties/%u/licence_number", index);
    if (travel != KC_TRAVEL_MOTOR && travel != KC_TRAVEL_UNKNOWN && !has_id)
        finds(check, KC_FINDING_MISSING, "ID_NUMBER", "请填写身份证号。", "The identity number is missing.",
              "/parties/%u/id_number", index);
}

static void
check_person(Check *check, guint index, KcTravelClass travel)
{
    const KcDeterminationParty *party = check->agreement->accident->parties->pdata[index];
    const KcSettler *settler = check->agreement->settlers->pdata[index];

    if (kc_text_is_blank(settler->name))
        finds(check, KC_FINDING_MISSING, "NAME", "请填写姓名。", "The name is missing.", "/parties/%u/name", index);
    if (kc_text_is_blank(settler->phone))
        finds(check, KC_FINDING_MISSING, "PHONE", "请填写联系方式。", "The telephone number is missing.",
              "/parties/%u/phone", index);
    check_identity(check, index, travel);
    if (travel == KC_TRAVEL_MOTOR && kc_text_is_blank(party->insurance_certificate))
        finds(check, KC_FINDING_MISSING, "INSURANCE_CERTIFICATE", "请填写保险凭证号。",
              "The number of the insurance certificate is missing.", "/parties/%u/insurance_certificate", index);
    if (party->liability == KC_LIABILITY_UNDETERMINABLE)
        finds(check, KC_FINDING_CONTRADICTION, "UNDETERMINABLE",
              "说不清责任的，不能自行协商，可以共同申请交通警察认定。",
              "If nobody can tell who is liable, ask an officer to determine it.", "/parties/%u/liability", index);
}

static KcLiability
liability_of(const KcAgreement *agreement, const char *party_id)
{
    int place = kc_agreement_find_party(agreement, party_id);
    const GPtrArray *parties = agreement->accident->parties;
    return place < 0 ? KC_LIABILITY_UNSET : ((const KcDeterminationParty *)parties->pdata[place])->liability;
}

static void
check_payment_party(Check *check, guint index, const char *field, const char *party_id)
{
    if (kc_text_is_blank(party_id))
        finds(check, KC_FINDING_MISSING, "PAYMENT_PARTY", "请选择由谁赔付给谁。", "Who pays whom is missing.",
              "/payments/%u/%s", index, field);
    else if (kc_agreement_find_party(check->agreement, party_id) < 0)
        finds(check, KC_FINDING_CONTRADICTION, "NOT_A_PARTY", "不是本协议的当事人。",
              "This is no party of the agreement.", "/payments/%u/%s", index, field);
}

static gboolean
same_pair(const KcPayment *one, const KcPayment *other)
{
    gboolean along = g_strcmp0(one->from_id, other->from_id) == 0 && g_strcmp0(one->to_id, other->to_id) == 0;
    gboolean back = g_strcmp0(one->from_id, other->to_id) == 0 && g_strcmp0(one->to_id, other->from_id) == 0;
    return along || back;
}

static void
check_payment(Check *check, guint index)
{
    const GPtrArray *payments = check->agreement->payments;
    const KcPayment *payment = payments->pdata[index];

    check_payment_party(check, index, "from_party_id", payment->from_id);
    check_payment_party(check, index, "to_party_id", payment->to_id);
    if (payment->amount_cny <= 0)
        finds(check, KC_FINDING_MISSING, "PAYMENT_AMOUNT", "请填写赔付金额。", "The amount is missing.",
              "/payments/%u/amount_cny", index);
    if (payment->from_id == NULL || payment->to_id == NULL)
        return;
    if (g_strcmp0(payment->from_id, payment->to_id) == 0)
        finds(check, KC_FINDING_CONTRADICTION, "PAYMENT_TO_SELF", "不能赔付给自己。", "Nobody pays themselves.",
              "/payments/%u/to_party_id", index);
    if (liability_of(check->agreement, payment->from_id) == KC_LIABILITY_NONE)
        finds(check, KC_FINDING_CONTRADICTION, "PAYER_NOT_LIABLE", "无责任的一方不用赔付。",
              "Who bears no liability pays nothing.", "/payments/%u/from_party_id", index);
    for (guint i = 0; i < index; i++)
        if (same_pair(payment, payments->pdata[i]))
            finds(check, KC_FINDING_CONTRADICTION, "PAYMENT_TWICE", "同样两方之间只写一笔赔付。",
                  "Between the same two there is one payment.", "/payments/%u", index);
}

static void
check_compensation(Check *check)
{
    const KcAgreement *agreement = check->agreement;
    gboolean pays = agreement->payments->len > 0;

    if (agreement->compensation == KC_COMPENSATION_UNSET)
        finds(check, KC_FINDING_MISSING, "COMPENSATION", "请选择怎样赔偿。", "How damage is made good is missing.",
              "/compensation");
    else if (agreement->compensation == KC_COMPENSATION_PRIVATE && !pays)
        finds(check, KC_FINDING_MISSING, "PAYMENTS", "请写明由谁赔付给谁、多少钱。",
              "Who pays whom, and how much, is missing.", "/payments");
    else if (agreement->compensation != KC_COMPENSATION_PRIVATE && pays)
        finds(check, KC_FINDING_CONTRADICTION, "PAYMENTS_ALIEN", "只有不走保险、自行赔付的，才填写赔付金额。",
              "Only where no insurer is asked does one party pay another.", "/payments");
    for (guint i = 0; i < agreement->payments->len; i++)
        check_payment(check, i);
}

GPtrArray *
kc_agreement_check(const KcAgreement *agreement, const KcTravelClass *travel)
{
    Check check = {agreement, kc_findings_new()};

    g_assert(agreement->settlers->len == agreement->accident->parties->len);
    if (agreement->accident->parties->len == 1)
        finds(&check, KC_FINDING_MISSING, "SECOND_PARTY", "自行协商需要另一方当事人。",
              "An agreement needs another party.", "/parties");
    for (guint i = 0; i < agreement->settlers->len; i++)
        check_person(&check, i, travel[i]);
    check_compensation(&check);
    kc_findings_sort(check.findings);
    return check.findings;
}
