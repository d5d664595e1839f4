#include "src/daemon/worker_load.h"

void
kc_worker_load_update(KcWorkerLoad *load, gint64 cpu_us, gint64 late_loops, gint64 now_us)
{
    gint64 passed_us = now_us - load->at_us;
    if (load->at_us != 0 && passed_us > 0) {
        double seconds = (double)passed_us / G_USEC_PER_SEC;
        double weight = MIN(1.0, (double)passed_us / KC_WORKER_LOAD_MEAN_US);
        double share = (double)MAX(cpu_us - load->cpu_us, 0) / (double)passed_us;
        double late = (double)MAX(late_loops - load->late_loops, 0) / seconds;
        load->cpu_share += (share - load->cpu_share) * weight;
        load->late_per_s += (late - load->late_per_s) * weight;
    }
    load->at_us = now_us;
    load->cpu_us = cpu_us;
    load->late_loops = late_loops;
}

gboolean
kc_worker_load_is_full(const KcWorkerLoad *load, guint legs, guint legs_max)
{
    return legs >= legs_max || load->cpu_share >= KC_WORKER_LOAD_CPU_MAX || load->late_per_s >= KC_WORKER_LOAD_LATE_MAX;
}

double
kc_worker_load_weight(const KcWorkerLoad *load, const KcWorkerCrowd *crowd)
{
    if (crowd->calls > 0 && crowd->calls < crowd->together && load->cpu_share < KC_WORKER_LOAD_SHARED_MAX)
        return -(double)crowd->calls;
    return load->cpu_share / KC_WORKER_LOAD_CPU_MAX + (double)crowd->legs / MAX(crowd->legs_max, 1);
}
