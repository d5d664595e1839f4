/* The layout of a printed document: schema/templates/, or a folder of the installation.
 *
 * Loaded once, immutable and thread-safe afterwards. A file that is not right is refused whole, with its name, line, a
 * JSON pointer and the reason (KC_RULES_ERROR). Lengths are points here, whatever the file says. What the document says is
 * not the template's: Order 146, art. 111 leaves the form to the ministry or the province, art. 24 the content to law.
 */
#pragma once

#include <gio/gio.h>

#include "src/rules/files.h"

typedef enum { KC_ALIGN_LEFT, KC_ALIGN_CENTER, KC_ALIGN_RIGHT, KC_ALIGN_JUSTIFY } KcAlign;

typedef struct {
    double red, green, blue; /* 0 to 1 */
} KcColour;

typedef struct {
    double size_pt;
    double line_height; /* of the size */
    gboolean bold;
    KcAlign align;
    KcColour colour;
    double before_pt, after_pt;
} KcStyle;

typedef enum {
    KC_STYLE_NOTICE,
    KC_STYLE_TITLE,
    KC_STYLE_NUMBERS,
    KC_STYLE_HEADING,
    KC_STYLE_BODY,
    KC_STYLE_NAME,
    KC_STYLE_VALUE,
    KC_STYLE_NOTE,
    KC_STYLE_RECEIPT,
    KC_STYLE_FOOTER,
    KC_STYLE_COUNT
} KcStyleId;

typedef enum {
    KC_BLOCK_NOTICE,
    KC_BLOCK_TITLE,
    KC_BLOCK_NUMBERS,
    KC_BLOCK_RECORD,
    KC_BLOCK_PARTIES,
    KC_BLOCK_SECTIONS,
    KC_BLOCK_SIGNATURES,
    KC_BLOCK_ISSUER,
    KC_BLOCK_NOTE,
    KC_BLOCK_RECEIPT,
    KC_BLOCK_IMPRINT, /* may stand there any number of times; each other one once */
    KC_BLOCK_COUNT
} KcBlockKind;

typedef struct {
    KcBlockKind kind;
    char *text; /* of an imprint */
    KcStyleId style;
} KcBlock;

typedef struct {
    char *heading, *pending, *signed_, *refused, *refused_receipt, *objected, *by_officer, *statement, *unreadable;
    double height_pt;
} KcSignatureLayout;

typedef struct {
    GStrv lines, original, signed_; /* with {number}, {sha256}, {original_sha256}, {check} */
    char *check_nowhere;
    double qr_pt;
} KcReceiptLayout;

typedef struct {
    double width_pt, height_pt, top_pt, right_pt, bottom_pt, left_pt;
    char *fonts; /* families, divided by commas, as Pango takes them */
    KcStyle styles[KC_STYLE_COUNT];
    GArray *blocks; /* KcBlock, in order */
    GStrv number_fields;
    GStrv record_wide, party_wide;
    KcSignatureLayout signatures;
    KcReceiptLayout receipt;
    double seal_pt; /* 0: nothing is sealed */
    KcColour seal_colour;
    GBytes *seal_png;                 /* NULL: none */
    gboolean demo;                    /* a seal is drawn that says so */
    char *footer_left, *footer_right; /* with {number}, {page}, {pages} */
} KcTemplate;

/* `dir`: a folder with determination.json; NULL: the one built in. Refuses fonts without Chinese too. */
KcTemplate *kc_template_load(const char *dir, gboolean demo, GError **error);
/* The layout of the parties' agreement: agreement.json, which a folder need not have: then it is the one built in. */
KcTemplate *kc_template_load_agreement(const char *dir, gboolean demo, GError **error);

/* The layout of the yearly report, which is built in. */
KcTemplate *kc_template_load_report(GError **error);

/* The same in two steps, for sets that are kept (files.h): the files of a folder, NULL those built in; and one of them.
 * `kc_template_complete` puts in what is built in for what a set has not. */
#define KC_TEMPLATE_DETERMINATION "templates/determination.json"
#define KC_TEMPLATE_AGREEMENT "templates/agreement.json"
gboolean kc_template_read(const char *dir, KcRuleFiles *files, GError **error);
void kc_template_complete(KcRuleFiles *files);
KcTemplate *kc_template_parse(const KcRuleFiles *files, const char *name, gboolean demo, GError **error);
void kc_template_free(KcTemplate *template);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcTemplate, kc_template_free)
