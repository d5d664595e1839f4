/* Reads a template as src/rules reads the law's data: strictly, the first thing that is wrong ends it. */
#include "src/print/template.h"

#include "kc-templates-data.h"
#include "src/base/limits.h"
#include "src/print/picture.h"
#include "src/print/type.h"
#include "src/rules/reader.h"
#include "src/rules/rules.h"

#include <string.h>

#define FOLDER "templates/"
#define MAX_IMAGES 8
#define POINTS_PER_MM (72 / 25.4)

static const char *const STYLES[] = {
    [KC_STYLE_NOTICE] = "notice",   [KC_STYLE_TITLE] = "title", [KC_STYLE_NUMBERS] = "numbers",
    [KC_STYLE_HEADING] = "heading", [KC_STYLE_BODY] = "body",   [KC_STYLE_NAME] = "name",
    [KC_STYLE_VALUE] = "value",     [KC_STYLE_NOTE] = "note",   [KC_STYLE_RECEIPT] = "receipt",
    [KC_STYLE_FOOTER] = "footer",   [KC_STYLE_COUNT] = NULL,
};
static const char *const BLOCKS[] = {
    [KC_BLOCK_NOTICE] = "notice",         [KC_BLOCK_TITLE] = "title",     [KC_BLOCK_NUMBERS] = "numbers",
    [KC_BLOCK_RECORD] = "record",         [KC_BLOCK_PARTIES] = "parties", [KC_BLOCK_SECTIONS] = "sections",
    [KC_BLOCK_SIGNATURES] = "signatures", [KC_BLOCK_ISSUER] = "issuer",   [KC_BLOCK_NOTE] = "note",
    [KC_BLOCK_RECEIPT] = "receipt",       [KC_BLOCK_IMPRINT] = "imprint", [KC_BLOCK_COUNT] = NULL,
};
static const char *const ALIGNS[] = {[KC_ALIGN_LEFT] = "left",
                                     [KC_ALIGN_CENTER] = "center",
                                     [KC_ALIGN_RIGHT] = "right",
                                     [KC_ALIGN_JUSTIFY] = "justify",
                                     NULL};
static const char *const RECEIPT_WORDS[] = {"number", "sha256", "original_sha256", "check", NULL};
static const char *const FOOTER_WORDS[] = {"number", "page", "pages", NULL};

typedef struct {
    KcReader *reader;
    const KcRuleFiles *files;
    KcTemplate *template;
    guint seen[KC_BLOCK_COUNT];
} Load;

static int
index_of(const char *const *names, const char *name)
{
    for (int i = 0; name != NULL && names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static double
millimetres(KcReader *reader, const json_t *object, const char *key, double min, double max)
{
    return kc_reader_number(reader, object, key, min, max) * POINTS_PER_MM;
}

static KcColour
colour(KcReader *reader, const json_t *object, const char *key)
{
    g_autofree char *text = kc_reader_optional_text(reader, object, key);
    guint64 value = 0;
    if (text != NULL && (strlen(text) != 7 || text[0] != '#' || strspn(text + 1, "0123456789abcdefABCDEF") != 6)) {
        kc_reader_enter(reader, key);
        kc_reader_refuse(reader, "must be a colour like #1f2937");
        kc_reader_leave(reader);
    } else if (text != NULL) {
        value = g_ascii_strtoull(text + 1, NULL, 16);
    }
    return (KcColour){(double)(value >> 16) / 255, (double)(value >> 8 & 0xFF) / 255, (double)(value & 0xFF) / 255};
}

/* Each {word} of a line is one of `words`. */
static void
check_words(KcReader *reader, const char *text, const char *const *words)
{
    for (const char *open = text; open != NULL && (open = strchr(open, '{')) != NULL; open++) {
        const char *close = strchr(open, '}');
        g_autofree char *word = g_strndup(open + 1, close != NULL ? (gsize)(close - open - 1) : 0);
        if (index_of(words, word) < 0)
            kc_reader_refuse(reader, "{%s} is not known here", word);
    }
}

static GStrv
lines(KcReader *reader, const json_t *object, const char *key)
{
    GStrv texts = kc_reader_texts(reader, object, key);
    kc_reader_enter(reader, key);
    for (guint i = 0; texts != NULL && texts[i] != NULL; i++) {
        kc_reader_enter_index(reader, i);
        check_words(reader, texts[i], RECEIPT_WORDS);
        kc_reader_leave(reader);
    }
    kc_reader_leave(reader);
    return texts;
}

static void
read_page(KcReader *reader, const json_t *page, KcTemplate *template)
{
    static const char *const keys[] = {"width_mm", "height_mm", "top_mm", "right_mm", "bottom_mm", "left_mm", NULL};
    kc_reader_enter(reader, "page");
    if (kc_reader_object(reader, page, keys)) {
        template->width_pt = millimetres(reader, page, "width_mm", 100, 500);
        template->height_pt = millimetres(reader, page, "height_mm", 140, 500);
        template->top_pt = millimetres(reader, page, "top_mm", 5, 50);
        template->right_pt = millimetres(reader, page, "right_mm", 5, 40);
        template->bottom_pt = millimetres(reader, page, "bottom_mm", 10, 50);
        template->left_pt = millimetres(reader, page, "left_mm", 5, 40);
    }
    kc_reader_leave(reader);
}

static KcStyle
read_style(KcReader *reader, const json_t *value)
{
    static const char *const keys[] = {"size_pt", "line_height", "bold",     "align",
                                       "colour",  "before_pt",   "after_pt", NULL};
    KcStyle style = {0};
    if (!kc_reader_object(reader, value, keys))
        return style;
    style.size_pt = kc_reader_number(reader, value, "size_pt", 5, 40);
    style.line_height = kc_reader_number(reader, value, "line_height", 1, 3);
    style.bold = json_object_get(value, "bold") != NULL && kc_reader_boolean(reader, value, "bold");
    style.colour = colour(reader, value, "colour");
    style.before_pt = kc_reader_number(reader, value, "before_pt", 0, 100);
    style.after_pt = kc_reader_number(reader, value, "after_pt", 0, 100);
    g_autofree char *align = kc_reader_optional_text(reader, value, "align");
    int i = align != NULL ? index_of(ALIGNS, align) : KC_ALIGN_LEFT;
    if (i < 0)
        kc_reader_refuse(reader, "align must be left, center, right or justify");
    else
        style.align = (KcAlign)i;
    return style;
}

static void
read_styles(KcReader *reader, const json_t *styles, KcTemplate *template)
{
    kc_reader_enter(reader, "styles");
    if (kc_reader_object(reader, styles, STYLES)) {
        for (guint i = 0; i < KC_STYLE_COUNT; i++) {
            const json_t *value = kc_reader_member(reader, styles, STYLES[i], JSON_OBJECT);
            if (value == NULL)
                break;
            kc_reader_enter(reader, STYLES[i]);
            template->styles[i] = read_style(reader, value);
            kc_reader_leave(reader);
        }
    }
    kc_reader_leave(reader);
}

/* ---- Blocks ---- */

static void
read_plain(Load *load, const json_t *value)
{
    static const char *const keys[] = {"block", NULL};
    kc_reader_object(load->reader, value, keys);
}

static void
read_numbers(Load *load, const json_t *value)
{
    static const char *const keys[] = {"block", "fields", NULL};
    if (kc_reader_object(load->reader, value, keys))
        load->template->number_fields = kc_reader_texts(load->reader, value, "fields");
}

static void
read_table(Load *load, const json_t *value, GStrv *ret_wide)
{
    static const char *const keys[] = {"block", "wide", NULL};
    if (kc_reader_object(load->reader, value, keys))
        *ret_wide = kc_reader_optional_texts(load->reader, value, "wide");
}

static void
read_signatures(Load *load, const json_t *value)
{
    static const char *const keys[] = {"block",           "heading",  "height_mm",  "pending",   "signed",     "refused",
                                       "refused_receipt", "objected", "by_officer", "statement", "unreadable", NULL};
    KcReader *reader = load->reader;
    if (!kc_reader_object(reader, value, keys))
        return;
    load->template->signatures = (KcSignatureLayout){
        .heading = kc_reader_text(reader, value, "heading"),
        .pending = kc_reader_text(reader, value, "pending"),
        .signed_ = kc_reader_text(reader, value, "signed"),
        .refused = kc_reader_text(reader, value, "refused"),
        .refused_receipt = kc_reader_text(reader, value, "refused_receipt"),
        .objected = kc_reader_text(reader, value, "objected"),
        .by_officer = kc_reader_text(reader, value, "by_officer"),
        .statement = kc_reader_text(reader, value, "statement"),
        .unreadable = kc_reader_text(reader, value, "unreadable"),
        .height_pt = millimetres(reader, value, "height_mm", 15, 60),
    };
}

/* A picture of the same set that can be drawn. */
static GBytes *
read_seal_image(Load *load, const char *name)
{
    g_autofree char *path = g_strconcat(FOLDER, name, NULL);
    if (kc_rule_file_kind(path) != KC_RULE_FILE_IMAGE) {
        kc_reader_refuse(load->reader, "seal_image names a file in the folder of the template that ends in .png");
        return NULL;
    }
    GBytes *png = kc_rule_files_get(load->files, path);
    if (png == NULL) {
        kc_reader_refuse(load->reader, "seal_image can't be read: no such file");
        return NULL;
    }
    if (!kc_picture_is_readable(png)) {
        kc_reader_refuse(load->reader, "seal_image is no PNG of at most %d × %d", KC_PICTURE_MAX_SIDE,
                         KC_PICTURE_MAX_SIDE);
        return NULL;
    }
    return g_bytes_ref(png);
}

static void
read_issuer(Load *load, const json_t *value)
{
    static const char *const keys[] = {"block", "seal_mm", "seal_colour", "seal_image", NULL};
    if (!kc_reader_object(load->reader, value, keys))
        return;
    load->template->seal_pt = millimetres(load->reader, value, "seal_mm", 0, 60);
    load->template->seal_colour = colour(load->reader, value, "seal_colour");
    g_autofree char *image = kc_reader_optional_text(load->reader, value, "seal_image");
    if (image != NULL)
        load->template->seal_png = read_seal_image(load, image);
}

static void
read_receipt(Load *load, const json_t *value)
{
    static const char *const keys[] = {"block", "qr_mm", "lines", "original", "signed", "check_nowhere", NULL};
    if (!kc_reader_object(load->reader, value, keys))
        return;
    load->template->receipt = (KcReceiptLayout){
        .lines = lines(load->reader, value, "lines"),
        .original = lines(load->reader, value, "original"),
        .signed_ = lines(load->reader, value, "signed"),
        .check_nowhere = kc_reader_text(load->reader, value, "check_nowhere"),
        .qr_pt = millimetres(load->reader, value, "qr_mm", 18, 60),
    };
}

static void
read_imprint(Load *load, const json_t *value, KcBlock *block)
{
    static const char *const keys[] = {"block", "text", "style", NULL};
    if (!kc_reader_object(load->reader, value, keys))
        return;
    block->text = kc_reader_text(load->reader, value, "text");
    g_autofree char *style = kc_reader_text(load->reader, value, "style");
    int i = index_of(STYLES, style);
    if (i < 0)
        kc_reader_refuse(load->reader, "style is none of /styles");
    else
        block->style = (KcStyleId)i;
}

static void
read_block(Load *load, const json_t *value)
{
    g_autofree char *name = kc_reader_text(load->reader, value, "block");
    int kind = index_of(BLOCKS, name);
    KcBlock block = {.kind = kind < 0 ? KC_BLOCK_COUNT : (KcBlockKind)kind};
    if (block.kind == KC_BLOCK_COUNT) {
        kc_reader_refuse(load->reader, "%s is no block", name != NULL ? name : "this");
        return;
    }
    if (load->seen[block.kind]++ > 0 && block.kind != KC_BLOCK_IMPRINT)
        kc_reader_refuse(load->reader, "%s stands there twice", name);
    if (block.kind == KC_BLOCK_NUMBERS)
        read_numbers(load, value);
    else if (block.kind == KC_BLOCK_RECORD)
        read_table(load, value, &load->template->record_wide);
    else if (block.kind == KC_BLOCK_PARTIES)
        read_table(load, value, &load->template->party_wide);
    else if (block.kind == KC_BLOCK_SIGNATURES)
        read_signatures(load, value);
    else if (block.kind == KC_BLOCK_ISSUER)
        read_issuer(load, value);
    else if (block.kind == KC_BLOCK_RECEIPT)
        read_receipt(load, value);
    else if (block.kind == KC_BLOCK_IMPRINT)
        read_imprint(load, value, &block);
    else
        read_plain(load, value);
    g_array_append_val(load->template->blocks, block);
}

static void
read_blocks(Load *load, const json_t *blocks)
{
    const json_t *value;
    gsize i;
    kc_reader_enter(load->reader, "blocks");
    json_array_foreach(blocks, i, value)
    {
        if (load->reader->error != NULL)
            break;
        kc_reader_enter_index(load->reader, i);
        if (json_is_object(value))
            read_block(load, value);
        else
            kc_reader_refuse(load->reader, "must be an object");
        kc_reader_leave(load->reader);
    }
    for (guint kind = 0; kind < KC_BLOCK_IMPRINT; kind++)
        if (load->seen[kind] == 0)
            kc_reader_refuse(load->reader, "there is no %s", BLOCKS[kind]);
    kc_reader_leave(load->reader);
}

static void
read_footer(KcReader *reader, const json_t *footer, KcTemplate *template)
{
    static const char *const keys[] = {"left", "right", NULL};
    kc_reader_enter(reader, "footer");
    if (kc_reader_object(reader, footer, keys)) {
        template->footer_left = kc_reader_text(reader, footer, "left");
        template->footer_right = kc_reader_text(reader, footer, "right");
        check_words(reader, template->footer_left, FOOTER_WORDS);
        check_words(reader, template->footer_right, FOOTER_WORDS);
    }
    kc_reader_leave(reader);
}

static void
read_fonts(KcReader *reader, const json_t *root, KcTemplate *template)
{
    g_auto(GStrv) fonts = kc_reader_texts(reader, root, "fonts");
    if (fonts == NULL)
        return;
    template->fonts = g_strjoinv(",", fonts);
    kc_reader_enter(reader, "fonts");
    if (!kc_type_has_chinese(template->fonts))
        kc_reader_refuse(reader, "no font of this machine has Chinese: install fonts-noto-cjk");
    kc_reader_leave(reader);
}

static void
read_root(Load *load, const json_t *root)
{
    static const char *const keys[] = {"about",  "kind",   "legal_basis", "page", "fonts",
                                       "styles", "blocks", "footer",      NULL};
    KcReader *reader = load->reader;
    if (!kc_reader_object(reader, root, keys))
        return;
    g_autofree char *basis = kc_reader_text(reader, root, "legal_basis");
    const json_t *page = kc_reader_member(reader, root, "page", JSON_OBJECT);
    const json_t *styles = kc_reader_member(reader, root, "styles", JSON_OBJECT);
    const json_t *blocks = kc_reader_member(reader, root, "blocks", JSON_ARRAY);
    const json_t *footer = kc_reader_member(reader, root, "footer", JSON_OBJECT);
    if (reader->error != NULL)
        return;
    read_page(reader, page, load->template);
    read_styles(reader, styles, load->template);
    read_blocks(load, blocks);
    read_footer(reader, footer, load->template);
    read_fonts(reader, root, load->template);
}

static void
block_clear(KcBlock *block)
{
    g_free(block->text);
}

KcTemplate *
kc_template_parse(const KcRuleFiles *files, const char *name, gboolean demo, GError **error)
{
    GBytes *bytes = kc_rule_files_get(files, name);
    if (bytes == NULL) {
        g_set_error(error, KC_RULES_ERROR, KC_RULES_ERROR_READ, "%s: the file is missing", name);
        return NULL;
    }
    g_autoptr(json_t) root = kc_reader_parse(name, bytes, error);
    if (root == NULL)
        return NULL;
    g_autoptr(KcTemplate) template = g_new0(KcTemplate, 1);
    g_autoptr(KcReader) reader = kc_reader_new(name);
    template->demo = demo;
    template->blocks = g_array_new(FALSE, FALSE, sizeof(KcBlock));
    g_array_set_clear_func(template->blocks, (GDestroyNotify)block_clear);
    Load load = {.reader = reader, .files = files, .template = template};
    read_root(&load, root);
    if (reader->error == NULL)
        return g_steal_pointer(&template);
    kc_reader_propagate(reader, bytes, error);
    return NULL;
}

/* ---- Folders ---- */

static GBytes *
built_in(const char *name)
{
    g_autofree char *resource = g_strconcat("/kuaichu/", name, NULL);
    return g_resource_lookup_data(kc_templates_data_get_resource(), resource, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

void
kc_template_complete(KcRuleFiles *files)
{
    static const char *const names[] = {KC_TEMPLATE_DETERMINATION, KC_TEMPLATE_AGREEMENT};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GBytes) bytes = built_in(names[i]);
        if (kc_rule_files_get(files, names[i]) == NULL)
            kc_rule_files_set(files, names[i], bytes);
    }
}

static gboolean
read_file(KcRuleFiles *files, const char *dir, const char *file, GError **error)
{
    g_autofree char *path = g_build_filename(dir, file, NULL), *name = g_strconcat(FOLDER, file, NULL);
    g_autoptr(GError) cause = NULL;
    char *data = NULL;
    gsize size = 0, limit = kc_rule_file_max_bytes(kc_rule_file_kind(name));
    g_file_get_contents(path, &data, &size, &cause);
    g_autoptr(GBytes) bytes = g_bytes_new_take(data, size);
    if (cause == NULL && size <= limit)
        kc_rule_files_set(files, name, bytes);
    else
        g_set_error(error, KC_RULES_ERROR, KC_RULES_ERROR_READ, "%s: %s", name,
                    cause != NULL ? cause->message : "the file is too large");
    return cause == NULL && size <= limit;
}

static gboolean
read_images(KcRuleFiles *files, const char *dir, GError **error)
{
    g_autoptr(GDir) folder = g_dir_open(dir, 0, NULL);
    guint count = 0;
    for (const char *file; folder != NULL && (file = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *name = g_strconcat(FOLDER, file, NULL);
        if (kc_rule_file_kind(name) != KC_RULE_FILE_IMAGE)
            continue;
        if (++count > MAX_IMAGES) {
            g_set_error(error, KC_RULES_ERROR, KC_RULES_ERROR_READ, FOLDER ": more than %d images", MAX_IMAGES);
            return FALSE;
        }
        if (!read_file(files, dir, file, error))
            return FALSE;
    }
    return TRUE;
}

/* The agreement's may be absent: a folder that is older than it has none. */
static gboolean
read_agreement(KcRuleFiles *files, const char *dir, GError **error)
{
    g_autofree char *own = g_build_filename(dir, "agreement.json", NULL);
    return !g_file_test(own, G_FILE_TEST_EXISTS) || read_file(files, dir, "agreement.json", error);
}

gboolean
kc_template_read(const char *dir, KcRuleFiles *files, GError **error)
{
    if (dir != NULL && (!read_file(files, dir, "determination.json", error) || !read_agreement(files, dir, error) ||
                        !read_images(files, dir, error)))
        return FALSE;
    kc_template_complete(files);
    return TRUE;
}

KcTemplate *
kc_template_load(const char *dir, gboolean demo, GError **error)
{
    g_autoptr(KcRuleFiles) files = kc_rule_files_new();
    return kc_template_read(dir, files, error) ? kc_template_parse(files, KC_TEMPLATE_DETERMINATION, demo, error) : NULL;
}

KcTemplate *
kc_template_load_agreement(const char *dir, gboolean demo, GError **error)
{
    g_autoptr(KcRuleFiles) files = kc_rule_files_new();
    if (dir != NULL && (!read_agreement(files, dir, error) || !read_images(files, dir, error)))
        return NULL;
    kc_template_complete(files);
    return kc_template_parse(files, KC_TEMPLATE_AGREEMENT, demo, error);
}

KcTemplate *
kc_template_load_report(GError **error)
{
    static const char name[] = FOLDER "report.json";
    g_autoptr(KcRuleFiles) files = kc_rule_files_new();
    g_autoptr(GBytes) bytes = built_in(name);
    kc_rule_files_set(files, name, bytes);
    return kc_template_parse(files, name, FALSE, error);
}

static void
free_texts(KcTemplate *template)
{
    KcSignatureLayout *words = &template->signatures;
    char *texts[] = {words->heading,   words->pending,        words->signed_,
                     words->refused,   words->refused_receipt, words->objected,       words->by_officer,
                     words->statement, words->unreadable,     template->receipt.check_nowhere,
                     template->fonts,  template->footer_left, template->footer_right};
    GStrv lists[] = {template->number_fields, template->record_wide,      template->party_wide,
                     template->receipt.lines, template->receipt.original, template->receipt.signed_};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
        g_strfreev(lists[i]);
}

void
kc_template_free(KcTemplate *template)
{
    if (template == NULL)
        return;
    free_texts(template);
    g_array_unref(template->blocks);
    g_bytes_unref(template->seal_png);
    g_free(template);
}
