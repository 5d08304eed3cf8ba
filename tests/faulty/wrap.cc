#include "faulty/wrap.h"

#include <utility>

#include "faulty/fault.h"

namespace rowferry::faulty {

namespace {

class FaultyCatalog final : public Catalog {
 public:
  FaultyCatalog(std::unique_ptr<Catalog> inner, std::string name)
      : inner_(std::move(inner)), name_(std::move(name)) {}

  Schema describe(const std::function<bool(const TableName&)>& wanted) override {
    return around((name_ + ".describe").c_str(), [&] { return inner_->describe(wanted); });
  }
  void execute(std::string_view sql) override {
    around((name_ + ".execute").c_str(), [&] { inner_->execute(sql); });
  }
  std::vector<std::vector<std::optional<std::string>>> query(std::string_view sql) override {
    return around((name_ + ".query").c_str(), [&] { return inner_->query(sql); });
  }

 private:
  std::unique_ptr<Catalog> inner_;
  std::string name_;
};

class FaultyReader final : public Reader {
 public:
  explicit FaultyReader(std::unique_ptr<Reader> inner) : inner_(std::move(inner)) {}

  void open(const TableRead& table, const Page& page, Rejects* rejects) override {
    around("reader.open", [&] { inner_->open(table, page, rejects); });
  }
  bool next(Batch& batch) override {
    return around("reader.next", [&] { return inner_->next(batch); });
  }

 private:
  std::unique_ptr<Reader> inner_;
};

class FaultyPager final : public Pager {
 public:
  explicit FaultyPager(std::unique_ptr<Pager> inner) : inner_(std::move(inner)) {}

  Cut choose(const Table& table) override {
    return around("pager.choose", [&] { return inner_->choose(table); });
  }
  std::vector<Page> cut(const TableRead& table, const Gap& gap, const PageSize& size) override {
    return around("pager.cut", [&] { return inner_->cut(table, gap, size); });
  }

 private:
  std::unique_ptr<Pager> inner_;
};

class FaultyDigester final : public Digester {
 public:
  explicit FaultyDigester(std::unique_ptr<Digester> inner) : inner_(std::move(inner)) {}

  std::vector<PageDigest> pages(const DigestRead& table, const std::vector<Page>& pages) override {
    return around("digester.pages", [&] { return inner_->pages(table, pages); });
  }
  std::vector<RowDigest> rows(const DigestRead& table, const Page& page) override {
    return around("digester.rows", [&] { return inner_->rows(table, page); });
  }

 private:
  std::unique_ptr<Digester> inner_;
};

class FaultySnapshot final : public Snapshot {
 public:
  explicit FaultySnapshot(std::unique_ptr<Snapshot> inner) : inner_(std::move(inner)) {}

  std::string position() const override { return inner_->position(); }
  std::string limits() const override { return inner_->limits(); }
  bool exact() const override { return inner_->exact(); }
  int readers() const override { return inner_->readers(); }
  std::unique_ptr<Catalog> catalog() override {
    auto catalog = around("snapshot.catalog", [&] { return inner_->catalog(); });
    return std::make_unique<FaultyCatalog>(std::move(catalog), "source_catalog");
  }
  std::unique_ptr<Pager> pager() override {
    return std::make_unique<FaultyPager>(around("snapshot.pager", [&] { return inner_->pager(); }));
  }
  std::unique_ptr<Reader> reader() override {
    return std::make_unique<FaultyReader>(
        around("snapshot.reader", [&] { return inner_->reader(); }));
  }
  std::unique_ptr<Digester> digester() override {
    auto digester = around("snapshot.digester", [&] { return inner_->digester(); });
    return digester ? std::make_unique<FaultyDigester>(std::move(digester)) : nullptr;
  }

 private:
  std::unique_ptr<Snapshot> inner_;
};

class FaultyWriter final : public Writer {
 public:
  explicit FaultyWriter(std::unique_ptr<Writer> inner) : inner_(std::move(inner)) {}

  void begin(const TableWrite& table, const Page& page) override {
    around("writer.begin", [&] { inner_->begin(table, page); });
  }
  void append(const Batch& batch) override {
    around("writer.append", [&] { inner_->append(batch); });
  }
  void append_fit(const Batch& batch, Rejects& rejects) override {
    around("writer.append_fit", [&] { inner_->append_fit(batch, rejects); });
  }
  void commit(std::int64_t rejected) override {
    around("writer.commit", [&] { inner_->commit(rejected); });
  }
  void rollback() override {
    around("writer.rollback", [&] { inner_->rollback(); });
  }
  bool landed(const TableWrite& table, const Page& page) override {
    return around("writer.landed", [&] { return inner_->landed(table, page); });
  }

 private:
  std::unique_ptr<Writer> inner_;
};

class FaultyLedger final : public Ledger {
 public:
  explicit FaultyLedger(std::unique_ptr<Ledger> inner) : inner_(std::move(inner)) {}

  std::int64_t claim(const JobCard& card) override {
    return around("ledger.claim", [&] { return inner_->claim(card); });
  }
  std::vector<Begun> begun() override {
    return around("ledger.begun", [&] { return inner_->begun(); });
  }
  void begin(const std::vector<Begun>& tables) override {
    around("ledger.begin", [&] { inner_->begin(tables); });
  }
  std::vector<LandedPage> landed(const TableName& table) override {
    return around("ledger.landed", [&] { return inner_->landed(table); });
  }
  RowCount count(const TableName& table) override {
    return around("ledger.count", [&] { return inner_->count(table); });
  }
  std::vector<std::string> others(const TableName& table) override {
    return around("ledger.others", [&] { return inner_->others(table); });
  }
  void empty(const std::vector<TableName>& tables) override {
    around("ledger.empty", [&] { inner_->empty(tables); });
  }
  void forget(const TableName& table) override {
    around("ledger.forget", [&] { inner_->forget(table); });
  }
  void finish(bool keep) override {
    around("ledger.finish", [&] { inner_->finish(keep); });
  }
  std::vector<Unfinished> unfinished() override {
    return around("ledger.unfinished", [&] { return inner_->unfinished(); });
  }
  std::vector<Marks> marks(const std::string& sync) override {
    return around("ledger.marks", [&] { return inner_->marks(sync); });
  }
  std::vector<std::string> left(const std::string& job, bool remove) override {
    return around("ledger.left", [&] { return inner_->left(job, remove); });
  }

 private:
  std::unique_ptr<Ledger> inner_;
};

class FaultyMender final : public Mender {
 public:
  explicit FaultyMender(std::unique_ptr<Mender> inner) : inner_(std::move(inner)) {}

  void begin() override {
    around("mender.begin", [&] { inner_->begin(); });
  }
  std::int64_t apply(Step step, const MendedTable& table, const std::vector<int>& columns,
                     const Batch& rows, std::vector<Refused>& refused) override {
    return around("mender.apply",
                  [&] { return inner_->apply(step, table, columns, rows, refused); });
  }
  void remember(const Marks& marks) override {
    around("mender.remember", [&] { inner_->remember(marks); });
  }
  void commit() override {
    around("mender.commit", [&] { inner_->commit(); });
  }
  void rollback() override {
    around("mender.rollback", [&] { inner_->rollback(); });
  }

 private:
  std::unique_ptr<Mender> inner_;
};

class FaultyGauge : public Gauge {
 public:
  explicit FaultyGauge(std::unique_ptr<Gauge> inner) : inner_(std::move(inner)) {}

  std::optional<double> lag() override {
    return around("gauge.lag", [&] { return inner_->lag(); });
  }
  std::int64_t load() override {
    return around("gauge.load", [&] { return inner_->load(); });
  }

 private:
  std::unique_ptr<Gauge> inner_;
};

}  // namespace

Engine wrap(const Engine& engine) {
  Engine faulty = engine;
  faulty.probe = [engine](const Url& url, const EndOptions& options, bool create) {
    return around("engine.probe", [&] { return engine.probe(url, options, create); });
  };
  if (engine.catalog) {
    faulty.catalog = [engine](const Url& url, const EndOptions& options) {
      auto catalog = around("catalog.open", [&] { return engine.catalog(url, options); });
      return std::make_unique<FaultyCatalog>(std::move(catalog), "catalog");
    };
  }
  if (engine.snapshot) {
    faulty.snapshot = [engine](const Url& url, const EndOptions& options) {
      return std::make_unique<FaultySnapshot>(
          around("snapshot.open", [&] { return engine.snapshot(url, options); }));
    };
  }
  if (engine.writer) {
    faulty.writer = [engine](const Url& url, const EndOptions& options, const RunCard& run) {
      return std::make_unique<FaultyWriter>(
          around("writer.open", [&] { return engine.writer(url, options, run); }));
    };
  }
  if (engine.mender) {
    faulty.mender = [engine](const Url& url, const EndOptions& options) {
      return std::make_unique<FaultyMender>(
          around("mender.open", [&] { return engine.mender(url, options); }));
    };
  }
  if (engine.gauge) {
    faulty.gauge = [engine](const Url& url, const EndOptions& options) {
      return std::make_unique<FaultyGauge>(
          around("gauge.open", [&] { return engine.gauge(url, options); }));
    };
  }
  if (engine.ledger) {
    faulty.ledger = [engine](const Url& url, const EndOptions& options) {
      return std::make_unique<FaultyLedger>(
          around("ledger.open", [&] { return engine.ledger(url, options); }));
    };
  }
  return faulty;
}

std::vector<Engine> wrap_all(const std::vector<Engine>& engines) {
  std::vector<Engine> faulty;
  for (const Engine& engine : engines) faulty.push_back(wrap(engine));
  return faulty;
}

}  // namespace rowferry::faulty
