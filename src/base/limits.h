/* Every limit of the service in one place, tested at the limit. Sizes in bytes, times as named. */
#pragma once

#define KC_LIMIT_JSON_BODY_BYTES (256 * 1024)
#define KC_LIMIT_SDP_BYTES (64 * 1024)
#define KC_LIMIT_PHOTO_BYTES (20 * 1024 * 1024)
#define KC_LIMIT_PHOTO_PIXELS (64 * 1000 * 1000)
#define KC_LIMIT_SIGNATURE_BYTES (512 * 1024)
#define KC_LIMIT_REQUEST_HEADER_BYTES (32 * 1024)
#define KC_LIMIT_HEADER_SECONDS 10
#define KC_LIMIT_BODY_SECONDS 60
#define KC_LIMIT_CONNECTIONS_PER_ADDRESS 256
#define KC_LIMIT_SSE_QUEUE_EVENTS 256
#define KC_LIMIT_SSE_STREAMS 1024
#define KC_LIMIT_CASES_PER_ADDRESS_PER_HOUR 60
#define KC_LIMIT_SIGN_IN_FAILURES_PER_15_MIN 10
#define KC_LIMIT_CHECKS_PER_ADDRESS_PER_MINUTE 30 /* of documents, by anybody */
#define KC_LIMIT_PARTIES_PER_CASE 8
#define KC_LIMIT_PAYMENTS_PER_AGREEMENT 28 /* each of the parties of a case with each other */
#define KC_LIMIT_PROPOSALS_PER_CASE 30
#define KC_LIMIT_LEGS_PER_CALL 4
#define KC_LIMIT_GUESTS_PER_CASE 16
#define KC_LIMIT_STILLS_PER_CASE 200
#define KC_LIMIT_LIVE_STILLS_PER_CASE 600 /* forty minutes at one in four seconds */
#define KC_LIMIT_LIVE_STILL_BYTES (128 * 1024)
#define KC_LIMIT_MESSAGE_CHARS 500
#define KC_LIMIT_MESSAGES_PER_CASE 2000
#define KC_LIMIT_MESSAGES_PER_MINUTE 30 /* of one participant */
#define KC_LIMIT_MODE_CHANGE_MS 1000 /* between two of one leg */
#define KC_LIMIT_TEXT_CHARS 4000
#define KC_LIMIT_ALARM_NUMBER_CHARS 64
#define KC_LIMIT_SHORT_TEXT_CHARS 200
#define KC_LIMIT_LAW_BYTES (4 * 1024 * 1024)
#define KC_LIMIT_RULES_BODY_BYTES (1024 * 1024) /* of proposed texts of rules, as JSON */
#define KC_LIMIT_RULE_CHANGES 500               /* that a preview lists */
#define KC_LIMIT_DOCUMENT_PAGES 100 /* of a printed document */
#define KC_LIMIT_PACKET_BYTES (192 * 1024 * 1024) /* of pictures for a review */
#define KC_LIMIT_REVIEWERS 9
#define KC_LIMIT_CHUNK_BYTES (4 * 1024 * 1024)
#define KC_LIMIT_PROTOCOL_MESSAGE_BYTES (192 * 1024)
#define KC_LIMIT_DISK_RESERVE_BYTES (256LL * 1024 * 1024) /* unless configured (kuaichud --disk-reserve) */
#define KC_LIMIT_TRACK_EXPECTED_BYTES (170LL * 1000 * 1000) /* a quarter of an hour at 1.5 Mbit/s */
#define KC_LIMIT_BUNDLES_AT_ONCE 4 /* of cases that are exported */
#define KC_LIMIT_COMPOSITIONS_PER_CASE 4 /* that are kept */
#define KC_LIMIT_COMPOSITIONS_QUEUED 50 /* in the whole service */
