-- A small billing system that stands for yours, so that the lookups in config/lookups have
-- something to ask. Dates are counted from the day it is made:
--
--     sqlite3 var/billing.db < config/sample/billing.sql
--
-- Money is in fen, usage in tenths of a kWh, times are UTC. Making it again replaces it.

BEGIN;

DROP TABLE IF EXISTS customers;
CREATE TABLE customers (
    account TEXT PRIMARY KEY,          -- 3100000001 … 3100000020
    name    TEXT NOT NULL,
    area    TEXT NOT NULL,
    balance INTEGER NOT NULL           -- paid in advance
) STRICT;

DROP TABLE IF EXISTS phones;           -- who has given which number for an account
CREATE TABLE phones (
    account TEXT NOT NULL,
    number  TEXT NOT NULL,
    PRIMARY KEY (account, number)
) STRICT;

DROP TABLE IF EXISTS bills;
CREATE TABLE bills (
    account TEXT NOT NULL,
    month   TEXT NOT NULL,             -- its first day
    usage   INTEGER NOT NULL,
    amount  INTEGER NOT NULL,
    paid    INTEGER NOT NULL,          -- 0 or 1
    PRIMARY KEY (account, month)
) STRICT;

DROP TABLE IF EXISTS payments;
CREATE TABLE payments (
    account TEXT NOT NULL,
    paid_on TEXT NOT NULL,
    amount  INTEGER NOT NULL,
    way     TEXT NOT NULL
) STRICT;
CREATE INDEX payments_of ON payments (account, paid_on);

DROP TABLE IF EXISTS outages;
CREATE TABLE outages (
    area      TEXT NOT NULL,
    place     TEXT NOT NULL,
    begins_at TEXT NOT NULL,
    ends_at   TEXT NOT NULL,
    cause     TEXT NOT NULL
) STRICT;

DROP TABLE IF EXISTS order_steps;      -- a new connection (业扩)
CREATE TABLE order_steps (step INTEGER PRIMARY KEY, title TEXT NOT NULL) STRICT;

DROP TABLE IF EXISTS orders;
CREATE TABLE orders (
    number     TEXT PRIMARY KEY,
    account    TEXT NOT NULL,
    step       INTEGER NOT NULL,
    updated_on TEXT NOT NULL
) STRICT;

DROP TABLE IF EXISTS documents;
CREATE TABLE documents (
    document   TEXT PRIMARY KEY,
    state      TEXT NOT NULL,
    updated_on TEXT NOT NULL
) STRICT;

DROP TABLE IF EXISTS staff;            -- whose role decides what its phone may ask
CREATE TABLE staff (
    number TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    role   TEXT NOT NULL,
    area   TEXT NOT NULL               -- where a crew works
) STRICT;

DROP TABLE IF EXISTS sales;            -- a salesperson's days
CREATE TABLE sales (
    number   TEXT NOT NULL,            -- the staff phone
    day      TEXT NOT NULL,
    amount   INTEGER NOT NULL,
    cost     INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (number, day)
) STRICT;

DROP TABLE IF EXISTS stock;
CREATE TABLE stock (
    item     TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    quantity INTEGER NOT NULL
) STRICT;

DROP TABLE IF EXISTS routes;           -- a driver's round
CREATE TABLE routes (
    number   TEXT NOT NULL,
    place    INTEGER NOT NULL,
    retailer TEXT NOT NULL,
    address  TEXT NOT NULL,
    PRIMARY KEY (number, place)
) STRICT;

INSERT INTO customers (account, name, area, balance) VALUES
    ('3100000001', '张三', '城东', 2650),
    ('3100000002', '李四', '城东', 0),
    ('3100000003', '王建国', '城东', 18800),
    ('3100000004', '赵敏', '城东', 940),
    ('3100000005', '陈晓红', '城东', 5075),
    ('3100000006', '刘洋', '城西', 12000),
    ('3100000007', '杨帆', '城西', 0),
    ('3100000008', '黄丽华', '城西', 730),
    ('3100000009', '周杰', '城西', 6400),
    ('3100000010', '吴秀英', '城西', 21050),
    ('3100000011', '明湖面粉厂', '城北', 482300),
    ('3100000012', '明湖面粉厂宿舍', '城北', 3300),
    ('3100000013', '明湖面粉厂门市部', '城北', 0),
    ('3100000014', '孙志强', '城北', 1575),
    ('3100000015', '马超', '城北', 890),
    ('3100000016', '朱玲', '城南', 2240),
    ('3100000017', '胡军', '城南', 0),
    ('3100000018', '郭伟', '城南', 7715),
    ('3100000019', '何静', '城南', 360),
    ('3100000020', '林小燕', '城南', 4980);

-- The first ten have a phone each; one phone has three accounts.
INSERT INTO phones (account, number)
SELECT account, '86138' || printf('%08d', substr(account, -2)) FROM customers
WHERE account <= '3100000010';
INSERT INTO phones (account, number) VALUES
    ('3100000011', '8613800000011'),
    ('3100000012', '8613800000011'),
    ('3100000013', '8613800000011');

-- The 24 months before this one, at 0.56 a kWh. Every third customer has not paid the last.
WITH RECURSIVE ago (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM ago WHERE n < 24),
used AS (
    SELECT account, n,
           date('now', 'localtime', 'start of month', '-' || n || ' months') AS month,
           600 + (CAST(substr(account, -2) AS INTEGER) * 371 + n * 533) % 2400 AS usage
    FROM customers, ago
)
INSERT INTO bills (account, month, usage, amount, paid)
SELECT account, month, usage, usage * 56 / 10, NOT (n = 1 AND substr(account, -2) % 3 = 2)
FROM used;

INSERT INTO payments (account, paid_on, amount, way)
SELECT account,
       min(date(month, '+1 month', '+' || (4 + substr(account, -2)) || ' days'),
           date('now', 'localtime')),
       amount,
       CASE substr(account, -1) % 4 WHEN 0 THEN '微信' WHEN 1 THEN '支付宝' WHEN 2 THEN '银行代扣'
                                    ELSE '营业厅' END
FROM bills WHERE paid;

INSERT INTO outages (area, place, begins_at, ends_at, cause) VALUES
    ('城东', '解放路1号至99号', strftime('%Y-%m-%dT%H:00:00Z', 'now', '-1 hours'),
     strftime('%Y-%m-%dT%H:00:00Z', 'now', '+3 hours'), '变压器故障抢修'),
    ('城东', '解放路、人民路', strftime('%Y-%m-%dT00:00:00Z', 'now', '+2 days'),
     strftime('%Y-%m-%dT06:00:00Z', 'now', '+2 days'), '线路检修'),
    ('城西', '湖滨小区', strftime('%Y-%m-%dT01:00:00Z', 'now', '+1 days'),
     strftime('%Y-%m-%dT04:00:00Z', 'now', '+1 days'), '设备更换'),
    ('城南', '南门街', strftime('%Y-%m-%dT01:00:00Z', 'now', '-3 days'),
     strftime('%Y-%m-%dT09:00:00Z', 'now', '-3 days'), '线路检修');

INSERT INTO order_steps (step, title) VALUES
    (1, '业务受理'), (2, '现场勘查'), (3, '供电方案答复'), (4, '设计文件审核'), (5, '业务收费'),
    (6, '中间检查'), (7, '竣工检验'), (8, '装表接电'), (9, '归档');

INSERT INTO orders (number, account, step, updated_on) VALUES
    ('YK20260001', '3100000001', 3, date('now', 'localtime', '-2 days')),
    ('YK20260002', '3100000006', 9, date('now', 'localtime', '-30 days')),
    ('YK20260003', '3100000011', 7, date('now', 'localtime', '-1 days'));

INSERT INTO documents (document, state, updated_on) VALUES
    ('FP20260001', '已开具', date('now', 'localtime', '-6 days')),
    ('FP20260002', '已寄出', date('now', 'localtime', '-2 days')),
    ('HT20260001', '审核中', date('now', 'localtime', '-1 days'));

-- The last 62 days of the salesperson, today included.
WITH RECURSIVE ago (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM ago WHERE n < 61)
INSERT INTO sales (number, day, amount, cost, quantity)
SELECT '8613900000001', date('now', 'localtime', '-' || n || ' days'),
       800000 + n * 7919 % 400000, 600000 + n * 6007 % 190000, 80 + n * 7 % 45
FROM ago;

INSERT INTO staff (number, name, role, area) VALUES
    ('8613900000001', '钱进', 'sales', '城东'), ('8613900000003', '马师傅', 'driver', ''),
    ('8613900000004', '王师傅', 'crew', '城东');

INSERT INTO stock (item, name, quantity) VALUES
    ('DB-01', '单相电能表', 420), ('DB-03', '三相电能表', 36), ('KG-10', '空气开关', 1150),
    ('XL-25', '电缆25平方', 0);

INSERT INTO routes (number, place, retailer, address) VALUES
    ('8613900000003', 1, '城东营业厅', '解放路18号'),
    ('8613900000003', 2, '湖滨代办点', '湖滨路7号'),
    ('8613900000003', 3, '面粉厂门市部', '工业路120号'),
    ('8613900000003', 4, '南门代办点', '南门街3号');

COMMIT;
