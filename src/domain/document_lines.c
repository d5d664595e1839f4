#include "src/domain/document_lines.h"

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

const char *
kc_lines_or_unknown(const char *text)
{
    return text == NULL || *text == '\0' ? UNKNOWN : text;
}

void
kc_lines_body(GString *out, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        char *line = g_strchomp(lines[i]);
        if (*line != '\0')
            g_string_append_printf(out, "　　%s\n", line);
    }
}

void
kc_lines_inline(GString *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        g_string_append_unichar(out, g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029 ? ' ' : c);
    }
}

void
kc_lines_field(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, "%s：", name);
    kc_lines_inline(out, kc_lines_or_unknown(value));
    g_string_append_c(out, '\n');
}

void
kc_lines_numbered(GString *out, const char *const *texts)
{
    for (guint i = 0; texts[i] != NULL; i++) {
        g_autofree char *numbered = g_strdup_printf("%u. %s", i + 1, texts[i]);
        kc_lines_body(out, numbered);
    }
}

void
kc_lines_head(GString *out, const KcDocument *document, const char *title)
{
    g_autofree char *occurred = kc_local_time_zh(document->occurred_at_us);

    if (document->demo)
        g_string_append(out, "【演示】本文书由演示系统生成，不具有法律效力。\n\n");
    g_string_append_printf(out, "%s\n\n", title);
    kc_lines_field(out, "文书编号", document->document_number);
    kc_lines_field(out, "案件编号", document->case_number);
    kc_lines_field(out, "事故时间", occurred);
    kc_lines_field(out, "事故地点", document->place);
    kc_lines_field(out, "管辖地区", document->county);
    kc_lines_field(out, "天气", document->weather);
    kc_lines_field(out, "事故形态", document->accident_form);
    if (document->collision_type != NULL)
        kc_lines_field(out, "碰撞方式", document->collision_type);
    if (document->collision_object != NULL)
        kc_lines_field(out, "碰撞对象", document->collision_object);
}

static void
append_motor_vehicle(GString *out, const KcDocumentParty *party)
{
    kc_lines_field(out, "驾驶证号或身份证明号码", party->licence_number);
    kc_lines_field(out, "号牌号码", party->plate_number);
    kc_lines_field(out, "号牌种类", party->plate_type);
    kc_lines_field(out, "保险公司", party->insurer);
    kc_lines_field(out, "保险凭证号", party->insurance_certificate);
}

/* Who signs on another's phone does so in the same recorded call; the document says it. */
static void
append_shared_phone(GString *out, const KcDocumentParty *party)
{
    if (party->shares_phone_label == NULL)
        return;
    g_autofree char *note = g_strdup_printf("与当事人%s使用同一部手机", kc_party_label_zh(party->shares_phone_label));
    kc_lines_field(out, "参与方式", note);
}

void
kc_lines_party(GString *out, const KcDocumentParty *party)
{
    g_string_append_printf(out, "\n当事人%s\n", kc_party_label_zh(party->label));
    kc_lines_field(out, "姓名", party->name);
    kc_lines_field(out, "联系方式", party->phone);
    kc_lines_field(out, "交通方式", party->vehicle_type);
    if (party->is_motor)
        append_motor_vehicle(out, party);
    else if (party->id_number != NULL)
        kc_lines_field(out, "身份证明号码", party->id_number);
    append_shared_phone(out, party);
    if (party->has_vehicle)
        kc_lines_field(out, "碰撞部位", party->collision_part);
}

void
kc_lines_name(GString *out, const KcDocumentParty *party)
{
    g_string_append_printf(out, "当事人%s（", kc_party_label_zh(party->label));
    kc_lines_inline(out, kc_lines_or_unknown(party->name));
    g_string_append(out, "）");
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

void
kc_lines_liability(GString *out, const KcDocumentParty *party)
{
    /* "无责任" and "责任无法认定" are not borne. */
    gboolean is_borne = party->liability != KC_LIABILITY_NONE && party->liability != KC_LIABILITY_UNDETERMINABLE;

    g_string_append(out, "　　");
    kc_lines_name(out, party);
    append_violations(out, party);
    g_string_append_printf(out, "%s%s。\n", is_borne ? "负" : "", kc_liability_zh(party->liability));
}
