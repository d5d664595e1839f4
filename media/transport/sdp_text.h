/* What reading and writing of SDP share. Not for use outside sdp_*.c. */
#pragma once

#include "media/transport/sdp.h"

#define KC_SDP_EXT_MID "urn:ietf:params:rtp-hdrext:sdes:mid"
#define KC_SDP_EXT_TRANSPORT_CC "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
#define KC_SDP_EXT_ABS_SEND_TIME "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"

/* Fills a refusal and returns FALSE. `code` is static text. */
gboolean kc_sdp_refuse(KcSdpRefusal *refusal, guint status, const char *code, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* Size, encoding, control characters. */
gboolean kc_sdp_check_text(const char *text, gsize len, KcSdpRefusal *ret_refusal);

/* RFC 8839, 5.4. */
gboolean kc_sdp_check_credentials(const char *ufrag, const char *pwd, KcSdpRefusal *ret_refusal);

/* RFC 8866, 9: "token". */
gboolean kc_sdp_is_token(const char *text, gsize max_chars);
