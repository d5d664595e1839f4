/* Service of a document on a party (送达): Order 146, arts. 24 and 78; the procedure for administrative cases, art. 36
 * (electronic with the recipient's consent and by a means that confirms receipt; a refusal to receive is noted). Pure. */
#pragma once

#include <glib.h>

typedef enum {
    KC_SERVICE_ELECTRONIC, /* on the party's own page, and it said that it has it */
    KC_SERVICE_PAPER,
    KC_SERVICE_REFUSED, /* to receive it, as an officer noted */
    KC_SERVICE_WAY_COUNT
} KcServiceWay;

typedef enum {
    KC_SERVICE_SERVED,
    KC_SERVICE_TO_CONFIRM, /* it is on the party's page, whose word is awaited */
    KC_SERVICE_ON_PAPER,   /* the party has not agreed to anything else */
    KC_SERVICE_STATE_COUNT
} KcServiceState;

/* Of these kinds each party is served; an agreement is the parties' own. */
gboolean kc_service_is_of(const char *document_kind);

KcServiceState kc_service_state(gboolean is_recorded, gboolean consents);

/* "electronic" "paper" "refused" */
const char *kc_service_way_to_string(KcServiceWay way);
gboolean kc_service_way_from_string(const char *text, KcServiceWay *ret_way);
/* "served" "to_confirm" "on_paper" */
const char *kc_service_state_to_string(KcServiceState state);
