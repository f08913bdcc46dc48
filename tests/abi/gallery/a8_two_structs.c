/* SPDX-License-Identifier: MIT
 * It gives another struct each time it is asked. */
#include "gallery.h"

GALLERY_OPS(.struct_size = sizeof gallery_ops);

static struct koppel_plugin both[2];
static int turn;

const struct koppel_plugin *koppel_plugin_entry(void)
{
    GALLERY_PLUGIN(.threads = KOPPEL_THREADS_INSTANCE);
    both[turn] = gallery_plugin;
    turn = !turn;
    return &both[!turn];
}
