/* SPDX-License-Identifier: MIT
 * The members of struct store_ops that all stores on a database have in common. */
#ifndef KOPPEL_STORE_SQL_OPS_H
#define KOPPEL_STORE_SQL_OPS_H

#include "store/sql_append.h"
#include "store/sql_beat.h"
#include "store/sql_cause.h"
#include "store/sql_chores.h"
#include "store/sql_claim.h"
#include "store/sql_count.h"
#include "store/sql_declare.h"
#include "store/sql_entry.h"
#include "store/sql_erase.h"
#include "store/sql_hand.h"
#include "store/sql_history.h"
#include "store/sql_host.h"
#include "store/sql_keep.h"
#include "store/sql_lease.h"
#include "store/sql_link.h"
#include "store/sql_list.h"
#include "store/sql_note.h"
#include "store/sql_page.h"
#include "store/sql_patch.h"
#include "store/sql_rate.h"
#include "store/sql_publish.h"
#include "store/sql_read.h"
#include "store/sql_retry.h"
#include "store/sql_sealed.h"
#include "store/sql_seen.h"
#include "store/sql_settle.h"
#include "store/sql_source.h"
#include "store/sql_texts.h"
#include "store/sql_unsettled.h"

#define SQL_STORE_MEMBERS                                                                          \
    .hosts = sql_host_list, .leads = sql_host_leads, .publish = sql_publish,                       \
    .published = sql_publish_get, .runs = sql_publish_runs, .id = sql_id,                          \
    .digest = sql_digest,                                                                          \
    .flow_declare = sql_declare, .run_begin = sql_source_run, .read_begin = sql_source_begin,      \
    .read_end = sql_source_end, .append = sql_append, .push = sql_append_pushed,                   \
    .seen = sql_seen, .lease = sql_lease, .release = sql_lease_release, .beat = sql_beat,          \
    .read = sql_read,                                                                              \
    .read_aside = sql_read_aside, .links_get = sql_link_get, .links_put = sql_link_put,            \
    .settle = sql_settle, .next_due = sql_retry_due, .unsettled = sql_unsettled,                   \
    .lock = sql_claim_lock, .unlock = sql_claim_unlock, .claim = sql_claim,                        \
    .unclaim = sql_claim_end, .rate = sql_rate, .rest = sql_rate_rest,                             \
    .resting = sql_rate_resting, .retry = sql_retry, .settle_by_hand = sql_hand_settle,            \
    .edit = sql_patch_edit, .edited = sql_patch_get, .sealed_get = sql_sealed_get,                 \
    .sealed_put = sql_sealed_put, .sealed_names = sql_sealed_names,                                \
    .sealed_drop = sql_sealed_drop, .entry_add = sql_entry_add, .entries = sql_entry_list,         \
    .entry_drop = sql_entry_drop, .entry_forget = sql_entry_forget, .keep = sql_keep,              \
    .keep_plan = sql_keep_plan, .standing = sql_count_standing, .texts = sql_texts,                \
    .erase = sql_erase, .note_get = sql_note_get, .note_put = sql_note_put,                        \
    .note_claim = sql_note_claim, .note_put_soon = sql_note_put_soon, .notes = sql_note_list,      \
    .tidy = sql_chores_tidy, .causes = sql_cause_list, .cause_stands = sql_cause_stands,           \
    .history = sql_history,                                                                        \
    .counts = sql_count, .reasons = sql_count_reasons, .jobs = sql_page,                           \
    .pick = sql_page_pick, .job = sql_list_job, .activity = sql_list_activity

#endif
