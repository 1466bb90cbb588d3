#include "cli/journal_head.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "cli/site_session.h"

namespace gatehouse::cli {

namespace {

constexpr std::size_t kHeadBytesMax = 4096;

std::string path_of(const std::string& state_folder) {
  return state_folder + "/HEAD";
}

std::optional<JournalHead> parse_head(const std::string& text) {
  JournalHead head;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), head.sequence);
  const auto at = static_cast<std::size_t>(number.ptr - text.data());
  if (number.ec != std::errc() || at >= text.size()) return std::nullopt;
  head.hash = text.substr(at + 1, text.size() - at - 2);
  return head_text(head) == text ? std::optional(std::move(head)) : std::nullopt;
}

struct RowsAround {
  std::int64_t first = 0;  ///< 0 where there is none
  bool has_kept = false;   ///< the row that HEAD names is there, with its hash
};

Result<RowsAround> look_for(const JournalHead& kept, Journal& journal) {
  RowsAround rows;
  const auto runs = journal.runs();
  if (!runs) return fail(runs.error());
  for (const std::string& run : *runs) {
    const auto events = journal.events_of(run);
    if (!events) return fail(events.error());
    for (const Event& event : *events) {
      if (rows.first == 0 || event.sequence < rows.first) rows.first = event.sequence;
      rows.has_kept |= JournalHead{.sequence = event.sequence, .hash = event.hash} == kept;
    }
  }
  return rows;
}

Tail gone(const JournalHead& kept, const JournalHead& head) {
  return {Tail::State::cut,
          fmt::format("rows {} to {} are gone: the journal ends at row {}, and HEAD, which a run "
                      "wrote at its end, names row {} ({})",
                      head.sequence + 1, kept.sequence, head.sequence, kept.sequence, kept.hash)};
}

}  // namespace

Tail judge_tail(const std::string& state_folder, Journal& journal, const JournalHead& head,
                FileStore& files) {
  using State = Tail::State;
  const auto text = files.read(path_of(state_folder), kHeadBytesMax);
  if (!text) return {State::unknown, "no HEAD file: a cut tail cannot be told"};
  const auto kept = parse_head(*text);
  if (!kept) return {State::unknown, "HEAD names no row: a cut tail cannot be told"};
  if (*kept == head) return {State::whole, "the head is the one that the last run wrote"};
  if (kept->sequence > head.sequence) return gone(*kept, head);
  // A run that was killed leaves rows after the head that the run before it wrote: that head must
  // still stand in the chain, unless its rows were taken out since.
  const auto rows = look_for(*kept, journal);
  if (!rows) return {State::unknown, to_string(rows.error())};
  if (rows->first == 0 || kept->sequence < rows->first) {
    return {State::unknown, "HEAD names a row that was taken out of the journal since"};
  }
  if (!rows->has_kept) {
    return {State::cut, fmt::format("row {} is not the one that HEAD names ({}): rows from there "
                                    "on are gone, and others in their place",
                                    kept->sequence, kept->hash)};
  }
  return {State::whole, fmt::format("{} rows after the last head that a run wrote at its end",
                                    head.sequence - kept->sequence)};
}

Result<void> refuse_cut_tail(const std::string& state_folder, Journal& journal, FileStore& files) {
  const auto head = journal.head();
  if (!head) return fail(head.error());
  const Tail tail = judge_tail(state_folder, journal, *head, files);
  if (tail.state != Tail::State::cut) return {};
  return fail(ErrorKind::malformed, "journal in " + state_folder + ": " + tail.words,
              fmt::format("restore journal.db from a backup; or, to go on with what is left, move "
                          "{} away",
                          path_of(state_folder)));
}

void write_head(const std::string& state_folder, Journal& journal, Context& context) {
  const auto head = journal.head();
  if (!head) return;
  const auto written =
      context.effects.files.write_atomic(path_of(state_folder), head_text(*head), 0600);
  if (!written) tell_error(context.console, written.error());
}

}  // namespace gatehouse::cli
