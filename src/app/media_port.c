#include "src/app/media_port.h"

void
kc_media_joined_clear(KcMediaJoined *joined)
{
    g_free(joined->answer);
    g_free(joined->o_id);
    g_free(joined->fingerprint);
    g_free(joined->replaced);
    *joined = (KcMediaJoined){0};
}

void
kc_media_refusal_clear(KcMediaRefusal *refusal)
{
    g_free(refusal->code);
    g_free(refusal->detail);
    *refusal = (KcMediaRefusal){0};
}

void
kc_media_snapshot_clear(KcMediaSnapshot *snapshot)
{
    g_clear_pointer(&snapshot->jpeg, g_bytes_unref);
    *snapshot = (KcMediaSnapshot){0};
}

void
kc_media_leg_stats_free(KcMediaLegStats *stats)
{
    if (stats == NULL)
        return;
    g_free(stats->leg_id);
    g_free(stats);
}
