/* Which pictures of the scene are still to be taken before the road is cleared.
 *
 * Order 146, arts. 19 and 24 ask for the evidence to be fixed before the vehicles go; which shots that takes, by accident
 * form, is local policy (schema/rules/shots.json). Pure; thread-safe. */
#pragma once

#include <glib.h>

typedef struct {
    char *code;
    char *zh;
    char *en;
    char *hint_zh;
    char *hint_en;
    gboolean required; /* before the road is cleared */
    gboolean papers;   /* it shows somebody's papers, whose numbers are for nobody else (Order 146, art. 65) */
    GStrv forms;       /* accident forms it is asked for; empty: all */
    char *effective_from;
    char *effective_to;
} KcShot;

/* Why the road is cleared without them. */
typedef struct {
    char *code;
    char *zh;
    char *en;
} KcShotReason;

/* An item of the list of one case; `shot` is borrowed. */
typedef struct {
    const KcShot *shot;
    gboolean required;
    gboolean taken;
} KcShotItem;

/* The list of that accident form. While nobody knows the form (NULL) every shot is on it, but only what is asked for of
 * every form is required. `on_date`: the day of the accident; `taken`: const char * codes of the pictures that are sealed.
 * Owned, of KcShotItem, in the order of `shots`. */
GArray *kc_shot_list(const GPtrArray *shots, const char *accident_form, const char *on_date, const GPtrArray *taken);

/* Required and not taken. Owned array of borrowed KcShot *; empty: the road may be cleared. */
GPtrArray *kc_shot_list_missing(const GArray *list);
