#include "media/gst/kcrecorder_vp8.h"
#include "media/webm/writer.h"

typedef struct {
    gsize size; /* of the descriptor */
    gboolean start;
    gint32 picture_id; /* -1: none */
    gboolean picture_id_long;
} Descriptor;

/* RFC 7741, 4.2. FALSE: not a payload that carries a part of a frame. */
static gboolean
parse_descriptor(const guint8 *data, gsize size, Descriptor *ret)
{
    if (size < 1)
        return FALSE;
    *ret = (Descriptor){.size = 1, .start = (data[0] & 0x10) != 0 && (data[0] & 0x07) == 0, .picture_id = -1};
    if (data[0] & 0x80) {
        if (size < 2)
            return FALSE;
        guint8 extension = data[1];
        ret->size = 2;
        if (extension & 0x80) {
            if (size < ret->size + 1)
                return FALSE;
            ret->picture_id_long = (data[ret->size] & 0x80) != 0;
            if (ret->picture_id_long && size < ret->size + 2)
                return FALSE;
            ret->picture_id = data[ret->size] & 0x7f;
            if (ret->picture_id_long)
                ret->picture_id = ret->picture_id << 8 | data[ret->size + 1];
            ret->size += ret->picture_id_long ? 2 : 1;
        }
        ret->size += (extension & 0x40) != 0;
        ret->size += (extension & 0x30) != 0;
    }
    return size > ret->size;
}

void
kc_vp8_assembler_init(KcVp8Assembler *assembler)
{
    *assembler = (KcVp8Assembler){.picture_id = -1};
}

void
kc_vp8_assembler_clear(KcVp8Assembler *assembler)
{
    g_clear_pointer(&assembler->partial, g_byte_array_unref);
    assembler->picture_id = -1;
}

gboolean
kc_vp8_assembler_in_keyframe(const KcVp8Assembler *assembler)
{
    return assembler->partial != NULL && assembler->partial->len > 0 && (assembler->partial->data[0] & 1) == 0;
}

static gboolean
follows(const KcVp8Assembler *assembler, const Descriptor *descriptor)
{
    gint32 mask = descriptor->picture_id_long ? 0x7fff : 0x7f;
    return descriptor->start && descriptor->picture_id >= 0 && assembler->picture_id >= 0 &&
           assembler->picture_id_long == descriptor->picture_id_long &&
           descriptor->picture_id == ((assembler->picture_id + 1) & mask);
}

static void
drop(KcVp8Assembler *assembler, KcVp8Result *result)
{
    g_clear_pointer(&assembler->partial, g_byte_array_unref);
    result->lost = TRUE;
}

KcVp8Result
kc_vp8_assembler_push(KcVp8Assembler *assembler, const KcRtpView *packet, gboolean lost)
{
    KcVp8Result result = {0};
    Descriptor descriptor;
    if (!parse_descriptor(packet->payload, packet->size, &descriptor)) {
        /* Padding. What is missing before it is judged with the next packet. */
        assembler->lost |= lost;
        return result;
    }
    lost |= assembler->lost;
    assembler->lost = FALSE;
    gboolean jumped = assembler->partial == NULL && assembler->picture_id >= 0 && descriptor.picture_id >= 0 &&
                      !follows(assembler, &descriptor);
    if (assembler->partial != NULL && (lost || descriptor.start || packet->timestamp != assembler->timestamp))
        drop(assembler, &result);
    else if (jumped || (lost && !follows(assembler, &descriptor)))
        result.lost = TRUE;

    assembler->picture_id = descriptor.picture_id;
    assembler->picture_id_long = descriptor.picture_id_long;
    if (descriptor.start)
        assembler->partial = g_byte_array_sized_new(8 * 1024);
    if (assembler->partial == NULL) {
        result.lost = TRUE;
        return result;
    }
    assembler->timestamp = packet->timestamp;
    gsize size = packet->size - descriptor.size;
    if (assembler->partial->len + size > KC_WEBM_FRAME_MAX_BYTES) {
        drop(assembler, &result);
        return result;
    }
    g_byte_array_append(assembler->partial, packet->payload + descriptor.size, (guint)size);
    if (packet->marker)
        result.frame = g_byte_array_free_to_bytes(g_steal_pointer(&assembler->partial));
    return result;
}
