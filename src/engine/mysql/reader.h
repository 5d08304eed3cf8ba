#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "engine/mysql/connection.h"
#include "engine/mysql/decoder.h"

namespace rowferry::mysql {

// Connections whose open transactions see one state of the server. Safe from every thread.
class Pool {
 public:
  // `shared`: one connection, given to whoever asks, one statement at a time: a page is read to its
  // end before the next is cut.
  explicit Pool(bool shared = false) : shared_(shared) {}
  void add(std::shared_ptr<Connection> connection);
  // Throws Error{transient, "snapshot.lost"} when none is left.
  std::shared_ptr<Connection> take();
  // Takes a connection back, unless it is lost.
  void give_back(std::shared_ptr<Connection> connection);

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<Connection>> free_;
  const bool shared_;
};

// A connection that goes back to its pool.
class Lease {
 public:
  explicit Lease(std::shared_ptr<Pool> pool) : pool_(std::move(pool)), connection_(pool_->take()) {}
  Lease(Lease&&) = default;
  Lease& operator=(Lease&&) = delete;
  ~Lease() {
    if (connection_) pool_->give_back(std::move(connection_));
  }
  Connection& operator*() const { return *connection_; }
  Connection* operator->() const { return connection_.get(); }

 private:
  std::shared_ptr<Pool> pool_;
  std::shared_ptr<Connection> connection_;
};

// Streams pages by prepared statements, whose binary rows bring FLOAT and BIT exactly.
class MysqlReader final : public Reader {
 public:
  explicit MysqlReader(Lease lease) : lease_(std::move(lease)) {}

  void open(const TableRead& table, const Page& page, Rejects* rejects) override;
  bool next(Batch& batch) override;

 private:
  struct Close {
    void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
  };

  // A question about a column, and why its value cannot travel where the answer is yes.
  struct Guard {
    std::size_t column = 0;
    const char* reason = "";
    std::int64_t lost = 0;
    my_bool null = 0;
  };

  void guard(const TableRead& table, std::vector<std::string>& selected);
  void check(int status);
  void bind();
  // Fetches a row; false at the end.
  bool fetch();
  void add_row(Batch& batch);
  void refuse(std::size_t column, const char* reason, bool readable);
  std::string key_text() const;

  Lease lease_;
  std::unique_ptr<MYSQL_STMT, Close> rows_;
  std::vector<std::unique_ptr<Decoder>> decoders_;
  std::vector<Guard> guards_;
  std::vector<MYSQL_BIND> binds_;
  std::string table_;
  std::vector<int> key_;  // places of what names a row
  RowFormat format_ = RowFormat::cells;
  Rejects* rejects_ = nullptr;
};

// The query of a page.
std::string page_query(const TableRead& table, const Page& page,
                       const std::vector<std::string>& selected);

}  // namespace rowferry::mysql
