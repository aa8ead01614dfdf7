"""Results as a set of Parquet files, written by any executor: `driver.run_shards`, `rows.Set`."""
