#include "tests/unit/print/sample.h"

#include "src/rules/rules.h"
#include "tests/support/kc_test.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

#define USUAL_FACTS                                                                                                                                                            \
    "甲车沿北新街由东向西行驶至工农路路口，遇前方信号灯由绿变黄时减速停车；乙车在其后同车道行驶，未与前车保持足以采取" \
    "紧急制动措施的安全"                                                                                                                                              \
    "距离，车头与甲车车尾相撞。\n碰撞后两车均停在路口停止线以东，无人受伤。双方对以上事实无异议。"

static const KcDocumentViolation VIOLATIONS[] = {
    {"未与前车保持安全距离（追尾）", "《道路交通安全法》第四十三条"},
    {"变更车道影响相关车道内机动车正常行驶", "《道路交通安全法实施条例》第四十四条第二款"},
};
static const char *const EVIDENCE[] = {"固定照片0a1b2c3d", "录像4e5f6071（01:05）", NULL};
static const KcDocumentReason REASONS[] = {
    {"固定照片显示甲车尾部与乙车前部接触，接触部位高度一致，乙车前方地面没有制动痕迹。", EVIDENCE},
    {"双方在通话中的陈述与照片一致。", NULL},
};

static KcDocumentParty
party(guint i, const char *name)
{
    static const char *const names[] = {"张三", "欧阳晓明", "王五", "赵六", "钱七", "孙八", "周九", "吴十"};
    static const char *const labels[] = {"A", "B", "C", "D", "E", "F", "G", "H"};
    return (KcDocumentParty){
        .label = labels[i],
        .name = name != NULL && i == 0 ? name : names[i],
        .phone = "13800000000",
        .licence_number = "612501198505170023",
        .vehicle_type = i == 2 ? "电动自行车" : "小型客车",
        .has_vehicle = TRUE,
        .is_motor = i != 2,
        .plate_number = i == 1 ? "陕AD12345" : "陕H12345",
        .plate_type = i == 1 ? "小型新能源汽车" : "小型汽车",
        .insurer = "中国人民财产保险股份有限公司",
        .insurance_certificate = "PDZA202661250000000001",
        .collision_part = i == 1 ? "前部" : "后部",
        .violations = i == 1 ? VIOLATIONS : NULL,
        .violation_count = i == 1 ? G_N_ELEMENTS(VIOLATIONS) : 0,
        .liability = i == 1 ? KC_LIABILITY_FULL : KC_LIABILITY_NONE,
    };
}

char *
sample_text(guint parties, const char *facts, const char *name)
{
    static const char *const rights[] = {
        "对本认定有异议的，可以自本认定书送达之日起三个工作日内，向上一级公安机关交通管理部门提出书面复核申请，写明复核"
        "请求、理由和主要证据（《道路交通事故处理程序规定》第七十一条）。",
        "各方可以自收到本认定书之日起十个工作日内共同书面申请调解；也可以直接向人民法院提起民事诉讼。",
        "当事人有权查阅、复制、摘录本案证据材料（《道路交通事故处理程序规定》第六十五条）。", NULL};
    const KcDocumentWording wording = {
        .title = "道路交通事故认定书（简易程序）",
        .basis = "依据《道路交通事故处理程序规定》第二十条、第二十三条、第二十四条，根据当事人的申请，由交通警察通过远"
                 "程视频适用简易程序处理，现场证据已经固定，过程全程录音录像。",
        .liability_basis = "依据《道路交通事故处理程序规定》第六十条，根据当事人的行为对发生事故所起的作用以及过错的严"
                           "重程度，认定如下：",
        .rights = rights,
        .footer = "本认定书是处理道路交通事故的证据，不是行政处罚。",
    };
    KcDocumentParty people[8];
    for (guint i = 0; i < parties; i++)
        people[i] = party(i, name);
    const KcDocument document = {
        .demo = TRUE,
        .document_number = "C-20261123-000042-D1",
        .case_number = "C-20261123-000042",
        .authority = "商洛市道路交通事故远程快处中心",
        .county = "商州区",
        .officer_name = "王建国",
        .officer_badge = "611001",
        .issued_at_us = G_GINT64_CONSTANT(1795436400) * G_USEC_PER_SEC,
        .occurred_at_us = G_GINT64_CONSTANT(1795435200) * G_USEC_PER_SEC,
        .place = "商州区北新街与工农路路口",
        .weather = "晴",
        .accident_form = "碰撞运动车辆",
        .collision_type = "追尾碰撞",
        .facts = facts != NULL ? facts : USUAL_FACTS,
        .cause = "乙车未与前车保持安全距离，是发生事故的全部原因。",
        .damage_cny = 1200,
        .parties = people,
        .party_count = parties,
        .reasons = REASONS,
        .reason_count = G_N_ELEMENTS(REASONS),
    };
    return kc_document_render(&document, &wording);
}

KcPrintJob
sample_job(const char *text, char **ret_sha256)
{
    *ret_sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    return (KcPrintJob){
        .text = text,
        .sha256 = *ret_sha256,
        .number = "C-20261123-000042-D1",
        .issued_at_us = G_GINT64_CONSTANT(1795436400) * G_USEC_PER_SEC,
        .check = "https://kuaichu.example.org",
        .qr = *ret_sha256,
    };
}

static cairo_status_t
append_png(void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

GBytes *
sample_signature(int width, int height)
{
    GByteArray *png = g_byte_array_new();
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 0.05, 0.1, 0.3);
    cairo_set_line_width(cr, height / 40.0);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    for (int i = 0; i <= 60; i++)
        cairo_line_to(cr, width * (0.2 + 0.01 * i), height * (0.5 + 0.25 * sin(i * 0.6) * cos(i * 0.11)));
    cairo_stroke(cr);
    cairo_destroy(cr);
    cairo_surface_write_to_png_stream(surface, append_png, png);
    cairo_surface_destroy(surface);
    return g_byte_array_free_to_bytes(png);
}

char *
sample_read(const char *dir, const char *name, GBytes *pdf)
{
    g_autofree char *file = g_strconcat(name, ".pdf", NULL);
    g_autofree char *path = g_build_filename(dir, file, NULL);
    const char *keep = g_getenv("KC_PRINT_KEEP");
    const char *const argv[] = {"pdftotext", "-q", "-enc", "UTF-8", path, "-", NULL};
    gsize size;
    const char *data = g_bytes_get_data(pdf, &size);
    ck_assert(g_file_set_contents(path, data, (gssize)size, NULL));
    if (keep != NULL) {
        g_autofree char *copy = g_build_filename(keep, file, NULL);
        ck_assert(g_file_set_contents(copy, data, (gssize)size, NULL));
    }
    return kc_test_output(argv, NULL);
}

char *
sample_squeeze(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isspace(c) && !g_unichar_iscntrl(c))
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}
