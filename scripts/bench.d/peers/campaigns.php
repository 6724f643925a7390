<?php

// A peer of scripts/bench read, for PHP-FPM: returns an account's campaigns without authorization.

// PDO returns numeric columns as texts.
const NUMBERS = [
    'budget', 'daily_budget', 'lifetime_budget', 'spent', 'ctr', 'cpc', 'cpm', 'frequency', 'conversions',
    'cost_per_conversion',
];
const TIMES = ['created_at', 'updated_at'];

$database = new PDO(getenv('BENCH_PDO_DSN'), options: [
    PDO::ATTR_PERSISTENT => true,
    PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
    // One round trip with the parameter bound by the server. A statement that the server prepares would live as long as
    // the request: three round trips.
    PDO::PGSQL_ATTR_DISABLE_PREPARES => true,
]);
$statement = $database->prepare(getenv('BENCH_SQL'));
$statement->execute(['account' => $_GET['account']]);
$rows = $statement->fetchAll(PDO::FETCH_ASSOC);
foreach ($rows as &$row) {
    foreach (NUMBERS as $name) {
        if ($row[$name] !== null) {
            $row[$name] = +$row[$name];
        }
    }
    foreach (TIMES as $name) {
        $row[$name] = substr($row[$name], 0, 10) . 'T' . substr($row[$name], 11, 8) . 'Z';
    }
}
unset($row);

$body = json_encode(['campaigns' => $rows], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
$body = gzencode($body, 1);
header('Content-Type: application/json; charset=utf-8');
header('Content-Encoding: gzip');
header('Content-Length: ' . strlen($body));
echo $body;
