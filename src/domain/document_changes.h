/* What a new document says otherwise than the one it takes the place of, for whoever still has the old one before them.
 * Pure; thread-safe. */
#pragma once

#include <glib.h>

/* The names of what differs between two texts of the grammar of document_outline.h, as they stand in the document:
 * "事故地点", "当事人甲：碰撞部位", "二、事故成因". Number, issuer and time differ always and are left out. Owned, of
 * char *, in the order of `after`, then what is gone. */
GPtrArray *kc_document_changes(const char *before, const char *after);
