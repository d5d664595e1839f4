/* The built-in template is sound; one that is not is refused with file, place and reason. */
#include "tests/unit/print/sample.h"

#include "src/base/json.h"
#include "src/rules/rules.h"
#include "tests/support/kc_test.h"

#include <stdlib.h>
#include <string.h>

static char *dir;

static void
set_up(void)
{
    dir = kc_test_dir_new();
}

static void
tear_down(void)
{
    kc_test_dir_remove(dir);
}

static json_t *
built_in(void)
{
    json_t *root = json_load_file(KC_TEMPLATES_DIR "/determination.json", 0, NULL);
    ck_assert_ptr_nonnull(root);
    return root;
}

static KcTemplate *
load(const json_t *root, GError **error)
{
    g_autofree char *path = g_build_filename(dir, "determination.json", NULL);
    ck_assert_int_eq(json_dump_file(root, path, 0), 0);
    return kc_template_load(dir, FALSE, error);
}

/* The value at an RFC 6901 pointer without escapes; borrowed. */
static json_t *
at(json_t *root, const char *pointer)
{
    g_auto(GStrv) names = g_strsplit(*pointer == '/' ? pointer + 1 : pointer, "/", -1);
    for (char **name = names; *pointer != '\0' && *name != NULL; name++)
        root = json_is_array(root) ? json_array_get(root, (gsize)atoi(*name)) : json_object_get(root, *name);
    return root;
}

START_TEST(the_built_in_one_is_that_of_the_folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcTemplate) inside = kc_template_load(NULL, FALSE, &error);
    kc_assert_no_error(error);
    g_autoptr(KcTemplate) outside = kc_template_load(KC_TEMPLATES_DIR, FALSE, &error);
    kc_assert_no_error(error);
    ck_assert_str_eq(inside->fonts, outside->fonts);
    ck_assert(inside->width_pt > 595 && inside->width_pt < 596);
    ck_assert(inside->height_pt > 841 && inside->height_pt < 842);
    ck_assert_uint_eq(inside->blocks->len, outside->blocks->len);
    ck_assert_ptr_null(inside->seal_png);
}
END_TEST

/* `value` NULL: the member is taken away. */
static const struct {
    const char *parent, *key, *value, *place, *reason;
} REFUSALS[] = {
    {"", "surprise", "1", "\"\"", "surprise"},
    {"", "legal_basis", NULL, "\"\"", "legal_basis"},
    {"", "fonts", "[\"No Such Font\", 5]", "/fonts", ""},
    {"/page", "width_mm", "20", "/page/width_mm", ""},
    {"/page", "left_mm", "\"wide\"", "/page/left_mm", ""},
    {"/page", "top_mm", NULL, "/page", "top_mm"},
    {"/styles/body", "size_pt", "400", "/styles/body/size_pt", ""},
    {"/styles/body", "align", "\"middle\"", "/styles/body", "align"},
    {"/styles/body", "colour", "\"red\"", "/styles/body/colour", "#1f2937"},
    {"/styles", "title", NULL, "/styles", "title"},
    {"/styles", "tiny", "{}", "/styles", "tiny"},
    {"/blocks/1", "block", "\"banner\"", "/blocks/1", "banner"},
    {"/blocks/1", "block", "\"notice\"", "/blocks/1", "twice"},
    {"/blocks/1", "colour", "1", "/blocks/1", "colour"},
    {"/blocks/6", "height_mm", "5", "/blocks/6/height_mm", ""},
    {"/blocks/6", "pending", "\"\"", "/blocks/6/pending", ""},
    {"/blocks/7", "seal_image", "\"absent.png\"", "/blocks/7", "no such file"},
    {"/blocks/7", "seal_image", "\"../seal.png\"", "/blocks/7", "in the folder"},
    {"/blocks/7", "seal_image", "\"determination.json\"", "/blocks/7", "ends in .png"},
    {"/blocks/7", "seal_image", "\"text.png\"", "/blocks/7", "no PNG"},
    {"/blocks/9", "lines", "[\"{nonsense}\"]", "/blocks/9/lines/0", "{nonsense}"},
    {"/blocks/9", "qr_mm", "500", "/blocks/9/qr_mm", ""},
    {"/footer", "right", "\"{page\"", "/footer", "{}"},
    {"/footer", "left", "5", "/footer/left", ""},
};

START_TEST(what_is_wrong_is_named)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) root = built_in();
    json_t *parent = at(root, REFUSALS[_i].parent);
    ck_assert(json_is_object(parent));
    if (REFUSALS[_i].value == NULL)
        json_object_del(parent, REFUSALS[_i].key);
    else
        json_object_set_new(parent, REFUSALS[_i].key, json_loads(REFUSALS[_i].value, JSON_DECODE_ANY, NULL));
    g_autofree char *text = g_build_filename(dir, "text.png", NULL);
    ck_assert(g_file_set_contents(text, "no picture", -1, NULL));
    ck_assert_ptr_null(load(root, &error));
    ck_assert(g_error_matches(error, KC_RULES_ERROR, KC_RULES_ERROR_INVALID));
    ck_assert_msg(g_regex_match_simple("^templates/determination\\.json:1:[0-9]+: at \"", error->message, 0, 0), "%s",
                  error->message);
    ck_assert_msg(strstr(error->message, REFUSALS[_i].place) != NULL, "%s", error->message);
    ck_assert_msg(strstr(error->message, REFUSALS[_i].reason) != NULL, "%s", error->message);
}
END_TEST

START_TEST(each_block_must_be_there)
{
    g_autoptr(json_t) whole = built_in();
    gsize count = json_array_size(json_object_get(whole, "blocks"));
    ck_assert_uint_eq(count, KC_BLOCK_IMPRINT);
    for (gsize i = 0; i < count; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(json_t) root = json_deep_copy(whole);
        json_array_remove(json_object_get(root, "blocks"), i);
        ck_assert_ptr_null(load(root, &error));
        ck_assert_msg(strstr(error->message, "at \"/blocks\": there is no ") != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST(a_file_that_is_none_is_refused)
{
    g_autoptr(GError) absent = NULL;
    g_autoptr(GError) broken = NULL;
    g_autofree char *path = g_build_filename(dir, "determination.json", NULL);
    ck_assert_ptr_null(kc_template_load(dir, FALSE, &absent));
    ck_assert(g_error_matches(absent, KC_RULES_ERROR, KC_RULES_ERROR_READ));
    ck_assert(g_file_set_contents(path, "{\"page\":\n", -1, NULL));
    ck_assert_ptr_null(kc_template_load(dir, FALSE, &broken));
    ck_assert(g_error_matches(broken, KC_RULES_ERROR, KC_RULES_ERROR_SYNTAX));
    ck_assert(g_str_has_prefix(broken->message, "templates/determination.json:2:"));
}
END_TEST

/* The agreement has a layout of its own, which a folder may leave out; nobody seals it, not even a demonstration. */
START_TEST(an_agreement_is_not_sealed)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KcTemplate) fallen_back = kc_template_load_agreement(dir, FALSE, &error);
    kc_assert_no_error(error);
    ck_assert(fallen_back->seal_pt == 0);
    g_autoptr(KcTemplate) template = kc_template_load_agreement(NULL, TRUE, &error);
    kc_assert_no_error(error);
    g_autofree char *text = sample_text(2, NULL, NULL), *sha256 = NULL;
    const KcPrintJob job = sample_job(text, &sha256);
    g_autoptr(GBytes) pdf = kc_print_pdf(template, &job, &error);
    kc_assert_no_error(error);
    g_autofree char *read = sample_read(dir, "agreement", pdf), *page = sample_squeeze(read);
    ck_assert_ptr_nonnull(strstr(page, "本件为提出时固定的原件"));
    ck_assert_ptr_null(strstr(page, "演示专用"));
    g_autofree char *own = g_build_filename(dir, "agreement.json", NULL);
    ck_assert(g_file_set_contents(own, "[]", -1, NULL));
    g_autoptr(KcTemplate) none = kc_template_load_agreement(dir, FALSE, &error);
    ck_assert_ptr_null(none);
    ck_assert(g_error_matches(error, KC_RULES_ERROR, KC_RULES_ERROR_INVALID));
    ck_assert(g_str_has_prefix(error->message, "templates/agreement.json"));
}
END_TEST

/* What a province does: other words, another order, its own seal; nothing is rebuilt and nothing of the text is lost.
 */
START_TEST(a_province_has_its_own)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) root = built_in();
    g_autoptr(GBytes) seal = sample_signature(400, 400);
    g_autofree char *seal_path = g_build_filename(dir, "seal.png", NULL);
    gsize size;
    const char *data = g_bytes_get_data(seal, &size);
    ck_assert(g_file_set_contents(seal_path, data, (gssize)size, NULL));
    json_t *blocks = json_object_get(root, "blocks");
    json_array_insert_new(blocks, 0,
                          json_pack("{s:s, s:s, s:s}", "block", "imprint", "text", "某省公安厅监制", "style", "note"));
    json_object_set_new(json_array_get(blocks, 8), "seal_image", json_string("seal.png"));
    json_t *parties = json_incref(json_array_get(blocks, 5));
    json_array_remove(blocks, 5);
    json_array_insert_new(blocks, 6, parties);
    json_object_set_new(json_array_get(blocks, 3), "fields", json_pack("[s]", "案件编号"));
    g_autoptr(KcTemplate) template = load(root, &error);
    kc_assert_no_error(error);
    ck_assert_ptr_nonnull(template->seal_png);
    g_autofree char *text = sample_text(2, NULL, NULL), *sha256 = NULL;
    const KcPrintJob job = sample_job(text, &sha256);
    g_autoptr(GBytes) pdf = kc_print_pdf(template, &job, &error);
    kc_assert_no_error(error);
    g_autofree char *read = sample_read(dir, "province", pdf), *page = sample_squeeze(read);
    static const char *const wanted[] = {"某省公安厅监制", "文书编号", "案件编号", "欧阳晓明", "五、当事人的权利"};
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
        ck_assert_msg(strstr(page, wanted[i]) != NULL, "%s", wanted[i]);
    ck_assert_ptr_null(strstr(page, "演示专用"));
    ck_assert(strstr(page, "五、当事人的权利") < strstr(page, "13800000000"));
}
END_TEST

static Suite *
template_suite(void)
{
    Suite *suite = suite_create("print/template");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_add_test(all, the_built_in_one_is_that_of_the_folder);
    tcase_add_loop_test(all, what_is_wrong_is_named, 0, G_N_ELEMENTS(REFUSALS));
    tcase_add_test(all, each_block_must_be_there);
    tcase_add_test(all, a_file_that_is_none_is_refused);
    tcase_add_test(all, an_agreement_is_not_sealed);
    tcase_add_test(all, a_province_has_its_own);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(template_suite())
