/* Offers for tests: a small one that is right, and a way to make it wrong. */
#pragma once

#include <glib.h>

#define OFFER_FINGERPRINT                                                                                              \
    "39:4A:09:1E:0E:33:32:85:51:03:49:95:54:0B:41:09:A2:10:60:CC:39:8F:C0:C4:45:FC:37:3A:55:EA:11:74"

#define OFFER_HEAD "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
#define OFFER_TRANSPORT                                                                                                \
    "c=IN IP4 0.0.0.0\r\na=ice-ufrag:Kl9N\r\na=ice-pwd:zCbDKr3HbY7Go1rTqQrCM+hz\r\n"                                   \
    "a=fingerprint:sha-256 " OFFER_FINGERPRINT "\r\na=setup:actpass\r\n"
#define OFFER_AUDIO                                                                                                    \
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" OFFER_TRANSPORT "a=mid:0\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid"  \
    "\r\na=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"                     \
    "a=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"                          \
    "a=fmtp:111 minptime=10;useinbandfec=1\r\na=ssrc:1001 cname:x\r\n"
#define OFFER_VIDEO                                                                                                    \
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" OFFER_TRANSPORT                                                            \
    "a=mid:1\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"                                                    \
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"                         \
    "a=sendrecv\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 transport-cc\r\n"               \
    "a=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\n"                  \
    "a=fmtp:97 apt=96\r\na=ssrc-group:FID 2001 2002\r\na=ssrc:2001 cname:x\r\na=ssrc:2002 cname:x\r\n"
#define OFFER OFFER_HEAD OFFER_AUDIO OFFER_VIDEO

/* Owned: OFFER with every `from` replaced. */
static inline char *
offer_with(const char *from, const char *to)
{
    g_autoptr(GString) text = g_string_new(OFFER);

    g_string_replace(text, from, to, 0);
    return g_string_free(g_steal_pointer(&text), FALSE);
}
