/* A memory whose bytes are a KcPacket, an allocator that makes it (empty), and a pool whose buffers carry one each.
 *
 * Invariants: a buffer in the pool holds no packet; a buffer that is out holds exactly one reference to its packet. */
#include "media/gst/kcrtpbuffer.h"

/* ---- the memory ------------------------------------------------------------------------------------------------- */

typedef struct {
    GstMemory memory;
    KcPacket *packet; /* NULL in the pool, and in a share: its parent has it */
} PacketMemory;

#define KC_TYPE_PACKET_ALLOCATOR (kc_packet_allocator_get_type())
G_DECLARE_FINAL_TYPE(KcPacketAllocator, kc_packet_allocator, KC, PACKET_ALLOCATOR, GstAllocator)
struct _KcPacketAllocator {
    GstAllocator parent;
};
G_DEFINE_TYPE(KcPacketAllocator, kc_packet_allocator, GST_TYPE_ALLOCATOR)

static gpointer
packet_memory_map(GstMemory *memory, gsize maxsize G_GNUC_UNUSED, GstMapFlags flags G_GNUC_UNUSED)
{
    PacketMemory *self = (PacketMemory *)(memory->parent != NULL ? memory->parent : memory);
    return self->packet != NULL ? self->packet->data : NULL;
}

static void
packet_memory_unmap(GstMemory *memory G_GNUC_UNUSED)
{
}

static GstMemory *
packet_memory_share(GstMemory *memory, gssize offset, gssize size)
{
    GstMemory *parent = memory->parent != NULL ? memory->parent : memory;
    PacketMemory *share = g_new0(PacketMemory, 1);
    gst_memory_init(&share->memory, GST_MINI_OBJECT_FLAGS(parent) | GST_MINI_OBJECT_FLAG_LOCK_READONLY,
                    memory->allocator, parent, memory->maxsize, memory->align, memory->offset + (gsize)offset,
                    size < 0 ? memory->size - (gsize)offset : (gsize)size);
    return &share->memory;
}

static void
packet_memory_free(GstAllocator *allocator G_GNUC_UNUSED, GstMemory *memory)
{
    PacketMemory *self = (PacketMemory *)memory;
    if (self->packet != NULL)
        kc_packet_unref(self->packet);
    g_free(self);
}

static void
kc_packet_allocator_class_init(KcPacketAllocatorClass *klass)
{
    GST_ALLOCATOR_CLASS(klass)->free = packet_memory_free;
}

static void
kc_packet_allocator_init(KcPacketAllocator *self)
{
    GstAllocator *allocator = GST_ALLOCATOR(self);
    allocator->mem_type = "KcPacket";
    allocator->mem_map = packet_memory_map;
    allocator->mem_unmap = packet_memory_unmap;
    allocator->mem_share = packet_memory_share;
    GST_OBJECT_FLAG_SET(self, GST_ALLOCATOR_FLAG_CUSTOM_ALLOC);
}

/* ---- the meta ---------------------------------------------------------------------------------------------------- */

static gboolean
rtp_meta_init(GstMeta *meta, gpointer params G_GNUC_UNUSED, GstBuffer *buffer G_GNUC_UNUSED)
{
    KcRtpMeta *self = (KcRtpMeta *)meta;
    self->header = (KcRtpHeader){0};
    self->is_rtx = FALSE;
    self->out_bytes = 0;
    return TRUE;
}

static GType
rtp_meta_api(void)
{
    static gsize type;
    static const char *tags[] = {NULL};
    if (g_once_init_enter(&type))
        g_once_init_leave(&type, gst_meta_api_type_register("KcRtpMetaAPI", tags));
    return type;
}

static const GstMetaInfo *
rtp_meta_info(void)
{
    static const GstMetaInfo *info;
    if (g_once_init_enter(&info)) {
        const GstMetaInfo *made =
            gst_meta_register(rtp_meta_api(), "KcRtpMeta", sizeof(KcRtpMeta), rtp_meta_init, NULL, NULL);
        g_once_init_leave(&info, made);
    }
    return info;
}

KcRtpMeta *
kc_rtp_meta_get(GstBuffer *buffer)
{
    return (KcRtpMeta *)gst_buffer_get_meta(buffer, rtp_meta_api());
}

/* ---- the pool ---------------------------------------------------------------------------------------------------- */

#define KC_TYPE_RTP_BUFFER_POOL (kc_rtp_buffer_pool_get_type())
G_DECLARE_FINAL_TYPE(KcRtpBufferPool, kc_rtp_buffer_pool, KC, RTP_BUFFER_POOL, GstBufferPool)
struct _KcRtpBufferPool {
    GstBufferPool parent;
    GstAllocator *allocator;
};
G_DEFINE_TYPE(KcRtpBufferPool, kc_rtp_buffer_pool, GST_TYPE_BUFFER_POOL)

static GstFlowReturn
pool_alloc(GstBufferPool *pool, GstBuffer **ret_buffer, GstBufferPoolAcquireParams *params G_GNUC_UNUSED)
{
    PacketMemory *memory = g_new0(PacketMemory, 1);
    gst_memory_init(&memory->memory, GST_MEMORY_FLAG_READONLY, KC_RTP_BUFFER_POOL(pool)->allocator, NULL,
                    KC_PACKET_BYTES, 0, 0, 0);
    GstBuffer *buffer = gst_buffer_new();
    gst_buffer_append_memory(buffer, &memory->memory);
    GstMeta *meta = gst_buffer_add_meta(buffer, rtp_meta_info(), NULL);
    GST_META_FLAG_SET(meta, GST_META_FLAG_POOLED);
    *ret_buffer = buffer;
    return GST_FLOW_OK;
}

static void
pool_reset(GstBufferPool *pool G_GNUC_UNUSED, GstBuffer *buffer)
{
    GST_BUFFER_FLAGS(buffer) &= GST_BUFFER_FLAG_TAG_MEMORY;
    GST_BUFFER_PTS(buffer) = GST_BUFFER_DTS(buffer) = GST_CLOCK_TIME_NONE;
    if (gst_buffer_n_memory(buffer) != 1)
        return;
    GstMemory *memory = gst_buffer_peek_memory(buffer, 0);
    PacketMemory *self = (PacketMemory *)memory;
    if (!gst_memory_is_type(memory, "KcPacket") || memory->parent != NULL || self->packet == NULL)
        return;
    /* Somebody still holds the memory alone: then the pool drops this buffer, and the packet goes with the memory. */
    if (GST_MINI_OBJECT_REFCOUNT_VALUE(memory) > 1)
        return;
    kc_packet_unref(g_steal_pointer(&self->packet));
    memory->offset = memory->size = 0;
}

static void
pool_finalize(GObject *object)
{
    gst_clear_object(&KC_RTP_BUFFER_POOL(object)->allocator);
    G_OBJECT_CLASS(kc_rtp_buffer_pool_parent_class)->finalize(object);
}

static void
kc_rtp_buffer_pool_class_init(KcRtpBufferPoolClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = pool_finalize;
    GST_BUFFER_POOL_CLASS(klass)->alloc_buffer = pool_alloc;
    GST_BUFFER_POOL_CLASS(klass)->reset_buffer = pool_reset;
}

static void
kc_rtp_buffer_pool_init(KcRtpBufferPool *self)
{
    self->allocator = gst_object_ref_sink(g_object_new(KC_TYPE_PACKET_ALLOCATOR, NULL));
}

GstBufferPool *
kc_rtp_buffer_pool_new(void)
{
    GstBufferPool *pool = gst_object_ref_sink(g_object_new(KC_TYPE_RTP_BUFFER_POOL, NULL));
    GstStructure *config = gst_buffer_pool_get_config(pool);
    gst_buffer_pool_config_set_params(config, NULL, 0, 0, 0);
    gst_buffer_pool_set_config(pool, config);
    gst_buffer_pool_set_active(pool, TRUE);
    return pool;
}

KcPacket *
kc_rtp_buffer_packet(GstBuffer *buffer)
{
    return ((PacketMemory *)gst_buffer_peek_memory(buffer, 0))->packet;
}

GstBuffer *
kc_rtp_buffer_new(GstBufferPool *pool, KcPacket *packet, const KcRtpHeader *header)
{
    GstBuffer *buffer = NULL;
    if (gst_buffer_pool_acquire_buffer(pool, &buffer, NULL) != GST_FLOW_OK)
        return NULL;
    PacketMemory *memory = (PacketMemory *)gst_buffer_peek_memory(buffer, 0);
    memory->packet = kc_packet_ref(packet);
    memory->memory.offset = packet->offset;
    memory->memory.size = packet->len;
    GST_BUFFER_DTS(buffer) = (GstClockTime)packet->arrived_us * 1000;
    kc_rtp_meta_get(buffer)->header = *header;
    return buffer;
}
