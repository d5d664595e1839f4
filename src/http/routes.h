/* Every route of the service: the table, and the handlers by subject. A route that is not in schema/openapi.yaml does
 * not exist. */
#pragma once

#include "src/app/cases.h"
#include "src/app/objects.h"
#include "src/http/outcome.h"
#include "src/http/precondition.h"
#include "src/http/request.h"

extern const KcRoute kc_routes[];
extern const gsize kc_routes_count;

/* service */
KcHttpReply *kc_get_health(KcHttpRequest *request);
KcHttpReply *kc_get_readiness(KcHttpRequest *request);
KcHttpReply *kc_get_metrics(KcHttpRequest *request);
KcHttpReply *kc_get_contract(KcHttpRequest *request);
KcHttpReply *kc_get_config(KcHttpRequest *request);
KcHttpReply *kc_get_codes(KcHttpRequest *request);
KcHttpReply *kc_get_asset(KcHttpRequest *request);
/* log */
KcHttpReply *kc_get_log_checkpoint(KcHttpRequest *request);
KcHttpReply *kc_get_log_tile(KcHttpRequest *request);
KcHttpReply *kc_get_service_key(KcHttpRequest *request);
KcHttpReply *kc_post_bundle(KcHttpRequest *request);
/* one video of a case */
KcHttpReply *kc_post_composition(KcHttpRequest *request);
KcHttpReply *kc_get_compositions(KcHttpRequest *request);
KcHttpReply *kc_delete_composition(KcHttpRequest *request);
KcHttpReply *kc_get_composition_media(KcHttpRequest *request);
KcHttpReply *kc_get_log_keys(KcHttpRequest *request);
KcHttpReply *kc_get_log_proof(KcHttpRequest *request);
KcHttpReply *kc_get_witnesses(KcHttpRequest *request);
KcHttpReply *kc_post_cosignatures(KcHttpRequest *request);
/* checking a document */
KcHttpReply *kc_get_verification(KcHttpRequest *request);
/* reports */
KcHttpReply *kc_get_report_summary(KcHttpRequest *request);
KcHttpReply *kc_get_report_cases(KcHttpRequest *request);
KcHttpReply *kc_get_report_year(KcHttpRequest *request);
/* law */
KcHttpReply *kc_get_laws(KcHttpRequest *request);
KcHttpReply *kc_get_wording(KcHttpRequest *request);
/* accounts */
KcHttpReply *kc_post_session(KcHttpRequest *request);
KcHttpReply *kc_get_session(KcHttpRequest *request);
KcHttpReply *kc_delete_session(KcHttpRequest *request);
KcHttpReply *kc_get_users(KcHttpRequest *request);
KcHttpReply *kc_post_user(KcHttpRequest *request);
KcHttpReply *kc_put_grade(KcHttpRequest *request);
KcHttpReply *kc_put_disabled(KcHttpRequest *request);
/* rules */
KcHttpReply *kc_get_rules(KcHttpRequest *request);
KcHttpReply *kc_get_rule_versions(KcHttpRequest *request);
KcHttpReply *kc_get_rule_file(KcHttpRequest *request);
KcHttpReply *kc_post_rules_preview(KcHttpRequest *request);
KcHttpReply *kc_post_rules(KcHttpRequest *request);
KcHttpReply *kc_post_rules_withdrawal(KcHttpRequest *request);
/* integrations */
KcHttpReply *kc_get_integrations(KcHttpRequest *request);
KcHttpReply *kc_post_integration(KcHttpRequest *request);
KcHttpReply *kc_delete_integration(KcHttpRequest *request);
/* cases */
KcHttpReply *kc_post_case(KcHttpRequest *request);
KcHttpReply *kc_get_cases(KcHttpRequest *request);
KcHttpReply *kc_get_case(KcHttpRequest *request);
KcHttpReply *kc_get_timeline(KcHttpRequest *request);
KcHttpReply *kc_post_party(KcHttpRequest *request);
KcHttpReply *kc_patch_party(KcHttpRequest *request);
KcHttpReply *kc_put_consent(KcHttpRequest *request);
KcHttpReply *kc_get_consents(KcHttpRequest *request);
KcHttpReply *kc_post_invitation(KcHttpRequest *request);
/* guests */
KcHttpReply *kc_get_guests(KcHttpRequest *request);
KcHttpReply *kc_delete_guest(KcHttpRequest *request);
KcHttpReply *kc_get_own_link(KcHttpRequest *request);
/* desk */
KcHttpReply *kc_get_queue(KcHttpRequest *request);
KcHttpReply *kc_post_queue(KcHttpRequest *request);
KcHttpReply *kc_delete_queue(KcHttpRequest *request);
KcHttpReply *kc_post_claim(KcHttpRequest *request);
KcHttpReply *kc_post_release(KcHttpRequest *request);
KcHttpReply *kc_post_eligibility(KcHttpRequest *request);
KcHttpReply *kc_post_on_scene(KcHttpRequest *request);
KcHttpReply *kc_patch_case(KcHttpRequest *request);
KcHttpReply *kc_post_evacuate(KcHttpRequest *request);
KcHttpReply *kc_post_close(KcHttpRequest *request);
KcHttpReply *kc_post_reopen(KcHttpRequest *request);
/* seats */
KcHttpReply *kc_get_seats(KcHttpRequest *request);
KcHttpReply *kc_put_own_seat(KcHttpRequest *request);
KcHttpReply *kc_get_desk_day(KcHttpRequest *request);
/* lots */
KcHttpReply *kc_get_next_draw(KcHttpRequest *request);
KcHttpReply *kc_get_draws(KcHttpRequest *request);
/* hand-over */
KcHttpReply *kc_post_offer(KcHttpRequest *request);
KcHttpReply *kc_get_offers(KcHttpRequest *request);
KcHttpReply *kc_post_offer_accept(KcHttpRequest *request);
KcHttpReply *kc_post_offer_decline(KcHttpRequest *request);
KcHttpReply *kc_delete_offer(KcHttpRequest *request);
/* holds and retention */
KcHttpReply *kc_post_hold(KcHttpRequest *request);
KcHttpReply *kc_get_case_holds(KcHttpRequest *request);
KcHttpReply *kc_get_holds(KcHttpRequest *request);
KcHttpReply *kc_post_hold_lift(KcHttpRequest *request);
KcHttpReply *kc_get_retention(KcHttpRequest *request);

/* recusal */
KcHttpReply *kc_post_recusal(KcHttpRequest *request);
KcHttpReply *kc_get_case_recusals(KcHttpRequest *request);
KcHttpReply *kc_get_recusals(KcHttpRequest *request);
KcHttpReply *kc_post_recusal_decision(KcHttpRequest *request);
/* call */
KcHttpReply *kc_get_events(KcHttpRequest *request);
KcHttpReply *kc_get_ice_servers(KcHttpRequest *request);
KcHttpReply *kc_post_call(KcHttpRequest *request);
KcHttpReply *kc_get_call(KcHttpRequest *request);
KcHttpReply *kc_put_call_view(KcHttpRequest *request);
KcHttpReply *kc_put_call_mode(KcHttpRequest *request);
KcHttpReply *kc_post_leg(KcHttpRequest *request);
KcHttpReply *kc_patch_leg(KcHttpRequest *request);
KcHttpReply *kc_delete_leg(KcHttpRequest *request);
/* evidence */
KcHttpReply *kc_post_photo(KcHttpRequest *request);
KcHttpReply *kc_post_snapshot(KcHttpRequest *request);
KcHttpReply *kc_post_photo_request(KcHttpRequest *request);
KcHttpReply *kc_get_photo_requests(KcHttpRequest *request);
KcHttpReply *kc_patch_photo_request(KcHttpRequest *request);
KcHttpReply *kc_get_live_stills(KcHttpRequest *request);
KcHttpReply *kc_get_still(KcHttpRequest *request);
KcHttpReply *kc_get_object(KcHttpRequest *request);
KcHttpReply *kc_get_recordings(KcHttpRequest *request);
KcHttpReply *kc_get_recording_media(KcHttpRequest *request);
gboolean kc_recording_is_at_hand(KcHttpRequest *request);
KcHttpReply *kc_get_recording_index(KcHttpRequest *request);
KcHttpReply *kc_get_recording_receipt(KcHttpRequest *request);
/* agreement */
KcHttpReply *kc_put_agreement(KcHttpRequest *request);
KcHttpReply *kc_post_proposal(KcHttpRequest *request);
/* documents */
KcHttpReply *kc_put_determination(KcHttpRequest *request);
KcHttpReply *kc_post_issue(KcHttpRequest *request);
KcHttpReply *kc_get_approval(KcHttpRequest *request);
KcHttpReply *kc_post_approval_request(KcHttpRequest *request);
KcHttpReply *kc_post_approval(KcHttpRequest *request);
KcHttpReply *kc_get_approvals(KcHttpRequest *request);
KcHttpReply *kc_get_document(KcHttpRequest *request);
KcHttpReply *kc_post_signature(KcHttpRequest *request);
KcHttpReply *kc_post_service(KcHttpRequest *request);
/* messages */
KcHttpReply *kc_post_message(KcHttpRequest *request);
KcHttpReply *kc_get_messages(KcHttpRequest *request);

/* pauses */
KcHttpReply *kc_post_pause(KcHttpRequest *request);
KcHttpReply *kc_delete_pause(KcHttpRequest *request);
KcHttpReply *kc_post_pause_resolution(KcHttpRequest *request);
KcHttpReply *kc_get_pauses(KcHttpRequest *request);
/* late reports */
KcHttpReply *kc_get_late_reports(KcHttpRequest *request);
KcHttpReply *kc_post_acceptance(KcHttpRequest *request);
/* reviews */
KcHttpReply *kc_post_review_request(KcHttpRequest *request);
KcHttpReply *kc_post_review_withdrawal(KcHttpRequest *request);
KcHttpReply *kc_get_review_requests(KcHttpRequest *request);
KcHttpReply *kc_post_review_forward(KcHttpRequest *request);
KcHttpReply *kc_get_review_packet(KcHttpRequest *request);
KcHttpReply *kc_post_review_conclusion(KcHttpRequest *request);
KcHttpReply *kc_post_review_service(KcHttpRequest *request);
KcHttpReply *kc_post_review_suit(KcHttpRequest *request);

/* audit */
KcHttpReply *kc_get_samples(KcHttpRequest *request);
KcHttpReply *kc_get_blind_looks(KcHttpRequest *request);
KcHttpReply *kc_get_blind_look(KcHttpRequest *request);
KcHttpReply *kc_post_blind_answer(KcHttpRequest *request);
KcHttpReply *kc_post_blind_return(KcHttpRequest *request);
KcHttpReply *kc_get_blind_agreement(KcHttpRequest *request);
KcHttpReply *kc_post_access(KcHttpRequest *request);
KcHttpReply *kc_get_accesses(KcHttpRequest *request);
KcHttpReply *kc_post_audit_review(KcHttpRequest *request);
KcHttpReply *kc_get_audit_reviews(KcHttpRequest *request);
KcHttpReply *kc_get_findings(KcHttpRequest *request);
KcHttpReply *kc_post_finding_answer(KcHttpRequest *request);
KcHttpReply *kc_post_finding_closing(KcHttpRequest *request);

/* Shared: {"case": …} with its ETag; a sealed thing as a file with ranges (takes `reader`). */
KcHttpReply *kc_reply_case(unsigned status, const KcCaseView *view);
KcHttpReply *kc_reply_object(KcHttpRequest *request, KcObjectReader *reader);
