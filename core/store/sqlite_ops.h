/* SPDX-License-Identifier: MIT
 * The members of struct store_ops that the file and the memory have in common. */
#ifndef KOPPEL_STORE_SQLITE_OPS_H
#define KOPPEL_STORE_SQLITE_OPS_H

#include "store/sqlite_append.h"
#include "store/sqlite_backup.h"
#include "store/sqlite_beat.h"
#include "store/sqlite_cause.h"
#include "store/sqlite_chores.h"
#include "store/sqlite_claim.h"
#include "store/sqlite_count.h"
#include "store/sqlite_declare.h"
#include "store/sqlite_entry.h"
#include "store/sqlite_erase.h"
#include "store/sqlite_hand.h"
#include "store/sqlite_history.h"
#include "store/sqlite_keep.h"
#include "store/sqlite_lease.h"
#include "store/sqlite_link.h"
#include "store/sqlite_list.h"
#include "store/sqlite_note.h"
#include "store/sqlite_page.h"
#include "store/sqlite_patch.h"
#include "store/sqlite_read.h"
#include "store/sqlite_retry.h"
#include "store/sqlite_sealed.h"
#include "store/sqlite_seen.h"
#include "store/sqlite_settle.h"
#include "store/sqlite_size.h"
#include "store/sqlite_source.h"
#include "store/sqlite_texts.h"
#include "store/sqlite_unsettled.h"

#define SQLITE_STORE_MEMBERS                                                                       \
    .close = sqlite_close, .id = sqlite_id, .digest = sqlite_digest,                               \
    .flow_declare = sqlite_declare,                                                                \
    .run_begin = sqlite_source_run, .read_begin = sqlite_source_begin,                             \
    .read_end = sqlite_source_end, .append = sqlite_append,                                        \
    .seen = sqlite_seen, .lease = sqlite_lease, .release = sqlite_lease_release,                   \
    .beat = sqlite_beat, .read = sqlite_read, .read_aside = sqlite_read_aside,                     \
    .links_get = sqlite_link_get, .links_put = sqlite_link_put, .settle = sqlite_settle,           \
    .next_due = sqlite_retry_due, .unsettled = sqlite_unsettled, .lock = sqlite_claim_lock,        \
    .unlock = sqlite_claim_unlock, .claim = sqlite_claim, .unclaim = sqlite_claim_end,             \
    .retry = sqlite_retry, .settle_by_hand = sqlite_hand_settle, .edit = sqlite_patch_edit,        \
    .edited = sqlite_patch_get, .now_ms = sqlite_now_ms,                                           \
    .sealed_get = sqlite_sealed_get, .sealed_put = sqlite_sealed_put,                              \
    .sealed_names = sqlite_sealed_names, .sealed_drop = sqlite_sealed_drop,                        \
    .entry_add = sqlite_entry_add, .entries = sqlite_entry_list,                                   \
    .entry_drop = sqlite_entry_drop, .entry_forget = sqlite_entry_forget,                          \
    .keep = sqlite_keep, .keep_plan = sqlite_keep_plan, .shrink = sqlite_size_shrink,              \
    .size = sqlite_size, .room = sqlite_size_room, .busy_ms = sqlite_size_busy_ms,                 \
    .standing = sqlite_count_standing,                                                             \
    .backup = sqlite_backup, .texts = sqlite_texts, .erase = sqlite_erase,                         \
    .note_get = sqlite_note_get, .note_put = sqlite_note_put, .note_claim = sqlite_note_claim,     \
    .note_put_soon = sqlite_note_put_soon,                                                         \
    .notes = sqlite_note_list, .tidy = sqlite_chores_tidy, .causes = sqlite_cause_list,            \
    .history = sqlite_history, .counts = sqlite_count, .reasons = sqlite_count_reasons,            \
    .jobs = sqlite_page, .pick = sqlite_page_pick, .job = sqlite_list_job,                         \
    .activity = sqlite_list_activity

#endif
