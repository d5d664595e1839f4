/* The views of src/app as JSON, in the shapes of schema/openapi.yaml. Each gives a new value; arguments are borrowed.
 */
#pragma once

#include <jansson.h>

#include "src/app/agreements.h"
#include "src/app/calls.h"
#include "src/app/cases.h"
#include "src/app/determinations.h"
#include "src/app/objects.h"
#include "src/app/queue.h"

json_t *kc_json_case(const KcCaseView *view);
json_t *kc_json_case_place(const KcCaseRow *row);
json_t *kc_json_eligibility(const KcCaseView *view);
json_t *kc_json_party(const KcPartyView *view);
json_t *kc_json_queue_place(gint64 position, gint64 expected_wait_s);
json_t *kc_json_timeline_item(const KcTimelineItem *item);

/* Of KcFinding, as field messages. */
json_t *kc_json_missing(const GPtrArray *findings);
json_t *kc_json_still(const KcStillView *still, const char *case_id);
json_t *kc_json_document(const KcDocumentView *document);
json_t *kc_json_signature(const KcSignatureView *signature);

json_t *kc_json_participant(const KcParticipantView *participant);
json_t *kc_json_recording(const KcRecordingView *recording);

/* {"items": […]} of what `each` makes of the elements. */
json_t *kc_json_items(const GPtrArray *views, json_t *(*each)(gconstpointer view));

/* Text or null; a time of µs, null for 0. */
json_t *kc_json_text_or_null(const char *text);
json_t *kc_json_time_or_null(gint64 unix_us);
