/* The official wording of the law: imported by an admin, shown to staff beside the rules that cite it. */
#pragma once

#include "src/app/app.h"
#include "src/store/law_store.h"

typedef struct {
    const char *name; /* of the file: errors say it */
    GBytes *text;
} KcLawFile;

typedef struct {
    KcLawRow *law;
    gboolean added; /* FALSE: this very text was there before */
} KcImportedLaw;

void kc_imported_law_free(KcImportedLaw *imported);

/* All files or none, each new text with its entry in the log. A text that is there already changes nothing; another
 * text of a law becomes a version of it. INVALID names the file and the line. `*ret_imported` of KcImportedLaw, in the
 * order of the files. */
gboolean kc_app_import_laws(KcApp *app, const KcPrincipal *who, const KcLawFile *files, gsize count,
                            GPtrArray **ret_imported, KcResult *result, GError **error);

/* Every version; of KcLawRow. */
gboolean kc_app_list_laws(KcApp *app, const KcPrincipal *who, GPtrArray **ret_laws, KcResult *result, GError **error);

/* The wording of one place of a citation. */
typedef struct {
    KcCitation *citation;
    KcLawRow *law;       /* NULL: no text of this law was imported */
    GPtrArray *passages; /* of KcLawPassage; empty: not imported, or the text has no such place */
} KcWordingView;

void kc_wording_view_free(KcWordingView *view);

/* `citation` is what the rules have in legal_basis, which may name several places; `on_date` (YYYY-MM-DD) or NULL for
 * the newest version. INVALID: it can't be read. `*ret_places` of KcWordingView. */
gboolean kc_app_find_wording(KcApp *app, const KcPrincipal *who, const char *citation, const char *on_date,
                             GPtrArray **ret_places, KcResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcImportedLaw, kc_imported_law_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcWordingView, kc_wording_view_free)
