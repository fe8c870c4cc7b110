//! The statements of partner products. Knows neither threads nor transactions; the caller provides both.

use rusqlite::{Connection, Row, named_params, params};

use super::failure::Failure;
use super::goods::{Table, next_id, refuse_settled};
use super::rows;
use crate::domain::{ActivationId, BoughtProduct, Owner, Product, ProductNumber};
use crate::ledger::GoodsIntent;

/// Gives the next id to a product that is about to be bought.
pub(super) fn intend(
    connection: &Connection,
    intent: &GoodsIntent<ProductNumber>,
) -> Result<ActivationId, Failure> {
    let id = next_id(connection)?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO products (id, stage, owner, provider, intended_at, number)
         VALUES (?1, 'intended', ?2, ?3, ?4, ?5)",
    )?;
    let at = intent.at.as_millisecond();
    insert.execute(params![id.get(), intent.owner.0, intent.provider, at, intent.wish.0])?;
    Ok(id)
}

/// Notes what was bought. Said twice of the same purchase, it is noted once.
pub(super) fn settle(connection: &Connection, product: &Product) -> Result<(), Failure> {
    let mut update = connection.prepare_cached(
        "UPDATE products SET stage = 'settled', price = :price, currency = :currency, bought_at = :bought_at,
             key = :key, manual = :manual
         WHERE id = :id AND stage IN ('intended', 'unknown')",
    )?;
    let price = product.bought.price.as_ref();
    let written = update.execute(named_params! {
        ":id": product.id.get(),
        ":price": price.map(|price| price.amount.to_string()),
        ":currency": price.map(|price| price.currency.as_str()),
        ":bought_at": product.bought_at.as_millisecond(),
        ":key": product.bought.key,
        ":manual": product.bought.manual,
    })?;
    if written == 1 || is_this(connection, product)? {
        return Ok(());
    }
    refuse_settled(connection, Table::Products, product.id)
}

fn is_this(connection: &Connection, product: &Product) -> Result<bool, Failure> {
    let mut query = connection
        .prepare_cached("SELECT 1 FROM products WHERE id = ?1 AND stage = 'settled' AND key = ?2")?;
    Ok(query.exists(params![product.id.get(), product.bought.key])?)
}

/// The product that was bought under this id.
pub(super) fn find(connection: &Connection, id: ActivationId) -> Result<Option<Product>, Failure> {
    let mut query = connection.prepare_cached(
        "SELECT id, owner, provider, number, price, currency, bought_at, key, manual
         FROM products WHERE stage = 'settled' AND id = ?1",
    )?;
    let mut found = query.query([id.get()])?;
    found.next()?.map(product).transpose()
}

fn product(row: &Row<'_>) -> Result<Product, Failure> {
    Ok(Product {
        id: rows::id(row)?,
        owner: Owner(row.get("owner")?),
        provider: row.get("provider")?,
        number: ProductNumber(row.get("number")?),
        bought_at: rows::time(row, "bought_at")?,
        bought: BoughtProduct { key: row.get("key")?, manual: row.get("manual")?, price: rows::price(row)? },
    })
}
