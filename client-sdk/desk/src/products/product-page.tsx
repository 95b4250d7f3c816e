/** One product: its texts, its variants with price and stock, and what was changed. */
import { isOrdersError } from '@orders-module/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMay } from '../../../parts/data/account.ts';
import { client } from '../../../parts/data/client.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { NotFoundPage } from '../app/not-found-page.tsx';
import { productQuery, type StaffProductDetail } from '../data/products.ts';
import { ActorName } from '../ui/actor-name.tsx';
import { ConfirmAction } from '../ui/confirm-action.tsx';
import { Panel } from '../ui/panel.tsx';
import { AddVariant } from './add-variant.tsx';
import { EditTexts } from './edit-texts.tsx';
import { ProductPictures } from './product-pictures.tsx';
import { VariantRow } from './variant-row.tsx';

export function ProductPage() {
  const { id } = useParams({ from: '/products/$id' });
  const product = useQuery(productQuery(id));
  if (isOrdersError(product.error, 'NOT_FOUND') || isOrdersError(product.error, 'INVALID_INPUT'))
    return <NotFoundPage what="product" />;
  if (product.data !== undefined) return <Product key={id} product={product.data} />;
  return (
    <div className="page">
      <PageTitle title="Product" className="visually-hidden" />
      {product.isError ? (
        <FailedState error={product.error} onRetry={() => product.refetch()} />
      ) : (
        <Loading what="the product">
          <Skeleton size="title" />
          <Skeleton size="block" />
        </Loading>
      )}
    </div>
  );
}

function Product({ product }: { product: StaffProductDetail }) {
  const queryClient = useQueryClient();
  const mayEdit = useMay('editCatalogue');
  const readAgain = () => void queryClient.invalidateQueries({ queryKey: ['staff', 'products'] });
  const { title, description, category, slug, archived, variants, changes } = product;
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/products">
          <Icon name="back" />
          Products
        </Link>
      </p>
      <div className="section-head">
        <PageTitle title={title}>
          <bdi>{title}</bdi>
        </PageTitle>
        {archived ? <span className="badge">archived</span> : <a href={`/products/${slug}`}>In the shop</a>}
      </div>
      <Panel id="texts" title="Texts">
        <p className="faint">{category}</p>
        <p className="note-text">{description}</p>
        {mayEdit ? <ProductActions product={product} onDone={readAgain} /> : null}
      </Panel>
      <ProductPictures product={product} mayEdit={mayEdit && !archived} onDone={readAgain} />
      <Panel id="variants" title="Variants and stock">
        <ul className="entries">
          {variants.map((variant) => (
            <VariantRow key={variant.id} variant={variant} onDone={readAgain} />
          ))}
        </ul>
        {mayEdit && !archived ? (
          <div className="add-variant">
            <AddVariant productId={product.id} title={title} onDone={readAgain} />
          </div>
        ) : null}
      </Panel>
      {changes.length === 0 ? null : (
        <Panel id="changes" title="Changes">
          <ul className="plain-list">
            {changes.map(({ at, what, by }) => (
              <li key={`${at} ${what}`}>
                {what}{' '}
                <span className="faint">
                  by <ActorName actor={by} />, <Instant at={at} />
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}

function ProductActions({ product, onDone }: { product: StaffProductDetail; onDone: () => void }) {
  const { id: productId, title, slug, archived } = product;
  return (
    <div className="actions">
      <EditTexts product={product} onDone={onDone} />
      {archived ? (
        <ConfirmAction
          label="Bring back"
          title={`Sell ${title} again?`}
          working="Saving…"
          act={() => client.admin.restoreProduct.mutate({ slug })}
          done={`${title} is in the shop again.`}
          onDone={onDone}
        >
          <p>It is in the shop again, with the stock that it has.</p>
        </ConfirmAction>
      ) : (
        <ConfirmAction
          label="Archive"
          title={`Archive ${title}?`}
          working="Saving…"
          dangerous
          act={() => client.admin.archiveProduct.mutate({ productId })}
          done={`${title} is not in the shop any more.`}
          onDone={onDone}
        >
          <p>It leaves the shop with all its variants. It may be brought back; orders that name it stay as they are.</p>
        </ConfirmAction>
      )}
    </div>
  );
}
