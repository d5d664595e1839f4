/* EBML elements (RFC 8794), as many as a WebM of ours needs. Internal to media/webm.
 *
 * Pure. Reading takes any bytes. */
#pragma once

#include <glib.h>

/* Element ids (RFC 9559, 5). */
#define KC_EBML_ID_HEAD 0x1A45DFA3u
#define KC_EBML_ID_VERSION 0x4286u
#define KC_EBML_ID_READ_VERSION 0x42F7u
#define KC_EBML_ID_MAX_ID_LENGTH 0x42F2u
#define KC_EBML_ID_MAX_SIZE_LENGTH 0x42F3u
#define KC_EBML_ID_DOC_TYPE 0x4282u
#define KC_EBML_ID_DOC_TYPE_VERSION 0x4287u
#define KC_EBML_ID_DOC_TYPE_READ_VERSION 0x4285u
#define KC_EBML_ID_VOID 0xECu
#define KC_EBML_ID_SEGMENT 0x18538067u
#define KC_EBML_ID_SEEK_HEAD 0x114D9B74u
#define KC_EBML_ID_SEEK 0x4DBBu
#define KC_EBML_ID_SEEK_ID 0x53ABu
#define KC_EBML_ID_SEEK_POSITION 0x53ACu
#define KC_EBML_ID_INFO 0x1549A966u
#define KC_EBML_ID_TIMESTAMP_SCALE 0x2AD7B1u
#define KC_EBML_ID_DURATION 0x4489u
#define KC_EBML_ID_DATE_UTC 0x4461u
#define KC_EBML_ID_MUXING_APP 0x4D80u
#define KC_EBML_ID_WRITING_APP 0x5741u
#define KC_EBML_ID_TRACKS 0x1654AE6Bu
#define KC_EBML_ID_TRACK_ENTRY 0xAEu
#define KC_EBML_ID_TRACK_NUMBER 0xD7u
#define KC_EBML_ID_TRACK_UID 0x73C5u
#define KC_EBML_ID_TRACK_TYPE 0x83u
#define KC_EBML_ID_FLAG_LACING 0x9Cu
#define KC_EBML_ID_CODEC_ID 0x86u
#define KC_EBML_ID_CODEC_PRIVATE 0x63A2u
#define KC_EBML_ID_CODEC_DELAY 0x56AAu
#define KC_EBML_ID_SEEK_PRE_ROLL 0x56BBu
#define KC_EBML_ID_VIDEO 0xE0u
#define KC_EBML_ID_PIXEL_WIDTH 0xB0u
#define KC_EBML_ID_PIXEL_HEIGHT 0xBAu
#define KC_EBML_ID_AUDIO 0xE1u
#define KC_EBML_ID_SAMPLING_FREQUENCY 0xB5u
#define KC_EBML_ID_CHANNELS 0x9Fu
#define KC_EBML_ID_CLUSTER 0x1F43B675u
#define KC_EBML_ID_TIMESTAMP 0xE7u
#define KC_EBML_ID_SIMPLE_BLOCK 0xA3u
#define KC_EBML_ID_CUES 0x1C53BB6Bu
#define KC_EBML_ID_CUE_POINT 0xBBu
#define KC_EBML_ID_CUE_TIME 0xB3u
#define KC_EBML_ID_CUE_TRACK_POSITIONS 0xB7u
#define KC_EBML_ID_CUE_TRACK 0xF7u
#define KC_EBML_ID_CUE_CLUSTER_POSITION 0xF1u

#define KC_EBML_UNKNOWN_SIZE G_MAXUINT64

/* --- writing ---------------------------------------------------------------------------------------------------- */

void kc_ebml_put_id(GByteArray *out, guint32 id);
/* In as few bytes as it takes; KC_EBML_UNKNOWN_SIZE as the eight-byte form of it. */
void kc_ebml_put_size(GByteArray *out, guint64 size);
/* Always in eight bytes, for what is laid out before its size is known. */
void kc_ebml_put_size_wide(GByteArray *out, guint64 size);

void kc_ebml_put_uint(GByteArray *out, guint32 id, guint64 value);
/* Always in eight bytes. */
void kc_ebml_put_uint_wide(GByteArray *out, guint32 id, guint64 value);
void kc_ebml_put_float(GByteArray *out, guint32 id, double value);
void kc_ebml_put_string(GByteArray *out, guint32 id, const char *text);
void kc_ebml_put_bytes(GByteArray *out, guint32 id, const void *data, gsize size);
/* An element with the children in `content`, which is freed. */
void kc_ebml_put_master(GByteArray *out, guint32 id, GByteArray *content);
/* An element whose children are put after it, to the end of `out`: its size is set when they are all there. Returns
 * what kc_ebml_end_master takes. */
guint kc_ebml_begin_master(GByteArray *out, guint32 id);
void kc_ebml_end_master(GByteArray *out, guint begun);

/* --- reading ---------------------------------------------------------------------------------------------------- */

typedef enum {
    KC_EBML_OK,
    KC_EBML_SHORT, /* more bytes are needed to say */
    KC_EBML_BAD,   /* no element can begin like this */
} KcEbmlResult;

typedef struct {
    guint32 id;
    guint32 head_size;   /* of id and size together */
    guint64 size;        /* of the content, or KC_EBML_UNKNOWN_SIZE */
} KcEbmlElement;

/* Reads id and size at the start of `data`; the content may lie beyond it. */
KcEbmlResult kc_ebml_read(const guint8 *data, gsize size, KcEbmlElement *ret_element);

/* Walks over the children in `data`: FALSE at the end or at bytes that are no whole element (then *pos < size). */
gboolean kc_ebml_next(const guint8 *data, gsize size, gsize *pos, KcEbmlElement *ret_element,
                      const guint8 **ret_content);

/* An unsigned integer of at most eight bytes; more are cut. */
guint64 kc_ebml_uint(const guint8 *content, guint64 size);
