/* The layout, from top to bottom: title and numbers; when, where, weather, form; each party; the facts as one sentence;
 * the cause; the reasons; the liability of each; rights; who issued it and when; what this text is.
 *
 * Nothing here depends on a locale, and every field that is unknown reads 未提供, so that a missing value can't be
 * taken for an omitted line. */
#include "src/domain/document_text.h"

#include "src/domain/local_time.h"

#include <string.h>

#define UNKNOWN "未提供"

static const char *const LIABILITY_ZH[] = {
    [KC_LIABILITY_UNSET] = "未认定",
    [KC_LIABILITY_FULL] = "全部责任",
    [KC_LIABILITY_PRIMARY] = "主要责任",
    [KC_LIABILITY_EQUAL] = "同等责任",
    [KC_LIABILITY_SECONDARY] = "次要责任",
    [KC_LIABILITY_NONE] = "无责任",
    [KC_LIABILITY_UNDETERMINABLE] = "责任无法认定",
};

static const char *const STEMS[] = {"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"};

const char *
kc_liability_zh(KcLiability liability)
{
    return LIABILITY_ZH[liability];
}

const char *
kc_party_label_zh(const char *label)
{
    if (strlen(label) == 1 && label[0] >= 'A' && label[0] < 'A' + (int)G_N_ELEMENTS(STEMS))
        return STEMS[label[0] - 'A'];
    return label;
}

static const char *
or_unknown(const char *text)
{
    return text == NULL || *text == '\0' ? UNKNOWN : text;
}

/* Text of people may hold line feeds, but must not be able to look like a line of the form: each is indented. */
static void
append_body(GString *out, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        char *line = g_strchomp(lines[i]);
        if (*line != '\0')
            g_string_append_printf(out, "　　%s\n", line);
    }
}

/* A field of one line: what would break the line becomes a space. */
static void
append_inline(GString *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        g_string_append_unichar(out, g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029 ? ' ' : c);
    }
}

static void
append_field(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, "%s：", name);
    append_inline(out, or_unknown(value));
    g_string_append_c(out, '\n');
}

static void
append_head(GString *out, const KcDocument *doc, const KcDocumentWording *wording)
{
    g_autofree char *occurred = kc_local_time_zh(doc->occurred_at_us);

    if (doc->demo)
        g_string_append(out, "【演示】本文书由演示系统生成，不具有法律效力。\n\n");
    g_string_append_printf(out, "%s\n\n", wording->title);
    append_field(out, "文书编号", doc->document_number);
    append_field(out, "案件编号", doc->case_number);
    append_field(out, "事故时间", occurred);
    append_field(out, "事故地点", doc->place);
    append_field(out, "管辖地区", doc->county);
    append_field(out, "天气", doc->weather);
    append_field(out, "事故形态", doc->accident_form);
    if (doc->collision_type != NULL)
        append_field(out, "碰撞方式", doc->collision_type);
    if (doc->collision_object != NULL)
        append_field(out, "碰撞对象", doc->collision_object);
}

static void
append_motor_vehicle(GString *out, const KcDocumentParty *party)
{
    append_field(out, "驾驶证号或身份证明号码", party->licence_number);
    append_field(out, "号牌号码", party->plate_number);
    append_field(out, "号牌种类", party->plate_type);
    append_field(out, "保险公司", party->insurer);
    append_field(out, "保险凭证号", party->insurance_certificate);
}

/* Who signs on another's phone does so in the same recorded call; the document says it. */
static void
append_shared_phone(GString *out, const KcDocumentParty *party)
{
    if (party->shares_phone_label == NULL)
        return;
    g_autofree char *note = g_strdup_printf("与当事人%s使用同一部手机", kc_party_label_zh(party->shares_phone_label));
    append_field(out, "参与方式", note);
}

static void
append_party(GString *out, const KcDocumentParty *party)
{
    g_string_append_printf(out, "\n当事人%s\n", kc_party_label_zh(party->label));
    append_field(out, "姓名", party->name);
    append_field(out, "联系方式", party->phone);
    append_field(out, "交通方式", party->vehicle_type);
    if (party->is_motor)
        append_motor_vehicle(out, party);
    else if (party->id_number != NULL)
        append_field(out, "身份证明号码", party->id_number);
    append_shared_phone(out, party);
    if (party->has_vehicle)
        append_field(out, "碰撞部位", party->collision_part);
}

static void
append_sentence_of_party(GString *out, const KcDocumentParty *party)
{
    g_string_append_printf(out, "当事人%s：", kc_party_label_zh(party->label));
    append_inline(out, or_unknown(party->name));
    g_string_append(out, "，");
    if (party->has_vehicle)
        g_string_append(out, "驾驶");
    append_inline(out, or_unknown(party->vehicle_type));
    if (party->has_vehicle && party->plate_number != NULL && *party->plate_number != '\0') {
        g_string_append(out, "，车牌号");
        append_inline(out, party->plate_number);
    }
    g_string_append(out, "。");
}

/* The sentence of the national record: {time}，在{place}，发生{form}事故。致受伤{n}人，直接财产损失{x}元。… */
static void
append_facts(GString *out, const KcDocument *doc)
{
    g_autofree char *occurred = kc_local_time_zh(doc->occurred_at_us);

    g_string_append_printf(out, "\n一、事故基本事实\n　　%s，在", occurred);
    append_inline(out, doc->place);
    g_string_append_printf(out, "，发生%s事故。致受伤%d人，", doc->accident_form, doc->injured);
    if (doc->damage_cny >= 0)
        g_string_append_printf(out, "直接财产损失%" G_GINT64_FORMAT "元。", doc->damage_cny);
    else
        g_string_append(out, "直接财产损失未估定。");
    for (gsize i = 0; i < doc->party_count; i++)
        append_sentence_of_party(out, &doc->parties[i]);
    g_string_append_c(out, '\n');
    append_body(out, doc->facts);
    g_string_append(out, "\n二、事故成因\n");
    append_body(out, doc->cause);
}

static void
append_reasons(GString *out, const KcDocument *doc)
{
    g_string_append(out, "\n三、认定理由和证据\n");
    for (gsize i = 0; i < doc->reason_count; i++) {
        const KcDocumentReason *reason = &doc->reasons[i];
        g_autofree char *numbered = g_strdup_printf("%" G_GSIZE_FORMAT ". %s", i + 1, reason->text);
        append_body(out, numbered);
        if (reason->evidence == NULL || reason->evidence[0] == NULL)
            continue;
        g_autofree char *list = g_strjoinv("；", (char **)reason->evidence);
        g_string_append(out, "　　证据：");
        append_inline(out, list);
        g_string_append(out, "。\n");
    }
}

static void
append_violations(GString *out, const KcDocumentParty *party)
{
    if (party->violation_count == 0)
        return;
    g_string_append(out, "有");
    for (gsize i = 0; i < party->violation_count; i++) {
        const KcDocumentViolation *violation = &party->violations[i];
        g_string_append_printf(out, "%s“%s”（%s）", i > 0 ? "、" : "", violation->title_zh, violation->legal_basis);
    }
    g_string_append(out, "的行为，");
}

static void
append_liability(GString *out, const KcDocument *doc, const KcDocumentWording *wording)
{
    g_string_append(out, "\n四、当事人责任\n");
    append_body(out, wording->liability_basis);
    for (gsize i = 0; i < doc->party_count; i++) {
        const KcDocumentParty *party = &doc->parties[i];
        g_string_append_printf(out, "　　当事人%s（", kc_party_label_zh(party->label));
        append_inline(out, or_unknown(party->name));
        g_string_append(out, "）");
        append_violations(out, party);
        /* "无责任" and "责任无法认定" are not borne. */
        gboolean is_borne = party->liability != KC_LIABILITY_NONE && party->liability != KC_LIABILITY_UNDETERMINABLE;
        g_string_append_printf(out, "%s%s。\n", is_borne ? "负" : "", kc_liability_zh(party->liability));
    }
}

static void
append_tail(GString *out, const KcDocument *doc, const KcDocumentWording *wording)
{
    g_autofree char *issued = kc_local_time_zh(doc->issued_at_us);

    g_string_append(out, "\n五、当事人的权利\n");
    for (guint i = 0; wording->rights[i] != NULL; i++) {
        g_autofree char *numbered = g_strdup_printf("%u. %s", i + 1, wording->rights[i]);
        append_body(out, numbered);
    }
    g_string_append_c(out, '\n');
    append_field(out, "处理单位", doc->authority);
    g_string_append(out, "交通警察：");
    append_inline(out, or_unknown(doc->officer_name));
    g_string_append(out, "（警号 ");
    append_inline(out, or_unknown(doc->officer_badge));
    g_string_append(out, "）\n");
    append_field(out, "制作时间", issued);
    g_string_append_c(out, '\n');
    append_body(out, wording->footer);
}

char *
kc_document_render(const KcDocument *document, const KcDocumentWording *wording)
{
    g_autoptr(GString) out = g_string_sized_new(4096);

    append_head(out, document, wording);
    for (gsize i = 0; i < document->party_count; i++)
        append_party(out, &document->parties[i]);
    g_string_append_c(out, '\n');
    append_body(out, wording->basis);
    append_facts(out, document);
    append_reasons(out, document);
    append_liability(out, document, wording);
    append_tail(out, document, wording);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
